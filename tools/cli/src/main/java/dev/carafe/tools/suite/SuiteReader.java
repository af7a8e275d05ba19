package dev.carafe.tools.suite;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a suite: {@code defaults} and {@code tests}, and makes its runs. */
public final class SuiteReader {
    private final Path file;
    private final List<Case> cases = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private SuiteReader(Path file) {
        this.file = file;
    }

    static List<Case> read(Path file) throws SuiteError {
        return new SuiteReader(file).read();
    }

    private List<Case> read() throws SuiteError {
        Map<String, YamlValue> root = new YamlValue(file.toString(), "", parse()).map();
        for (Map.Entry<String, YamlValue> each : root.entrySet()) {
            if (!each.getKey().equals("defaults") && !each.getKey().equals("tests")) {
                throw each.getValue().wrong("it is none of defaults, tests");
            }
        }
        YamlValue tests = root.get("tests");
        if (tests == null) {
            throw new SuiteError(file.toString(), "it has no list of 'tests'");
        }
        TestSpec defaults = new TestSpec();
        if (root.containsKey("defaults")) {
            defaults.read(root.get("defaults"));
        }
        for (YamlValue test : tests.list()) {
            add(test, new TestSpec().with(defaults).read(test));
        }
        return cases;
    }

    private Node parse() throws SuiteError {
        Node root;
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new SuiteError(file + ":" + line, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new SuiteError(file.toString(), "not YAML: " + reason);
        } catch (NoSuchFileException e) {
            throw new SuiteError(file.toString(), "No such file or directory");
        } catch (IOException e) {
            throw new SuiteError(file.toString(), "it cannot be read: " + e.getMessage());
        }
        if (root == null) {
            throw new SuiteError(file.toString(), "it is empty");
        }
        return root;
    }

    private void add(YamlValue where, TestSpec spec) throws SuiteError {
        if (spec.name.isEmpty()) {
            throw where.wrong("a test needs a name");
        }
        List<String> kernels = new ArrayList<>(spec.kernels);
        if (kernels.isEmpty()) {
            kernels.add(""); // the options name one, or Carafe's own boots
        }
        List<String> variants = new ArrayList<>(spec.variants.keySet());
        if (variants.isEmpty()) {
            variants.add("");
        }
        for (String kernel : kernels) {
            if (!kernel.isEmpty()
                    && !Files.exists(folder().resolve(kernel))
                    && spec.skip.isEmpty()) {
                throw where.wrong("kernel: '" + kernel + "' does not exist");
            }
            for (int cpus : spec.cpus) {
                for (String variant : variants) {
                    for (int i = 1; i <= spec.repeat; i++) {
                        add(where, spec, new Choice(kernel, cpus, variant, i));
                    }
                }
            }
        }
    }

    /** One of each list. */
    private record Choice(String kernel, int cpus, String variant, int number) {}

    private Path folder() {
        return file.toAbsolutePath().getParent();
    }

    private void add(YamlValue where, TestSpec spec, Choice choice) throws SuiteError {
        List<String> arguments = new ArrayList<>();
        if (!choice.kernel().isEmpty()) {
            arguments.addAll(List.of("-kernel", choice.kernel()));
        }
        if (spec.append != null) {
            arguments.addAll(List.of("-append", spec.append));
        }
        if (spec.namesCpus) {
            arguments.addAll(List.of("-smp", Integer.toString(choice.cpus())));
        }
        arguments.addAll(spec.options);
        arguments.addAll(spec.variants.getOrDefault(choice.variant(), List.of()));
        String name = name(spec, choice);
        if (!names.add(name)) {
            throw where.wrong("there are two tests with the name '" + name + "'");
        }
        cases.add(
                new Case(
                        name,
                        arguments,
                        choice.cpus(),
                        spec.expect,
                        spec.failOn,
                        spec.exitCodes,
                        spec.limitSeconds,
                        spec.limitInstructions,
                        spec.tap,
                        spec.skip,
                        file,
                        spec.line));
    }

    private static String name(TestSpec spec, Choice choice) {
        List<String> marks = new ArrayList<>();
        if (spec.kernels.size() > 1) {
            marks.add(Path.of(choice.kernel()).getFileName().toString());
        }
        if (spec.cpus.size() > 1) {
            marks.add("smp=" + choice.cpus());
        }
        if (spec.variants.size() > 1) {
            marks.add(choice.variant());
        }
        if (spec.repeat > 1) {
            marks.add("#" + choice.number());
        }
        return marks.isEmpty() ? spec.name : spec.name + " [" + String.join(", ", marks) + "]";
    }
}
