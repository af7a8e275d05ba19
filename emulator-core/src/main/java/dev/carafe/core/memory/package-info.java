/**
 * Guest memory: RAM, the physical address map, and what turns linear addresses into physical ones.
 */
package dev.carafe.core.memory;
