/** What scripts and test runners rely on. */
package dev.carafe.tools.headless;
