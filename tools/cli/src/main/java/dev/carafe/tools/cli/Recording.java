package dev.carafe.tools.cli;

import dev.carafe.tools.trace.AddressFilter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is written down about what the guest executes.
 *
 * @param filter the code that traces look at
 * @param profile file that gets samples as collapsed stacks
 * @param timeline file that gets a timeline for Perfetto
 */
record Recording(AddressFilter filter, Optional<Path> profile, Optional<Path> timeline) {}
