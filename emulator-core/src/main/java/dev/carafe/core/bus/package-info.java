/** How devices are attached and reached: registers at offsets, ranges, MSRs, and RAM as bytes. */
package dev.carafe.core.bus;
