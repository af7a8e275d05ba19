/** The GDB remote serial protocol: stock GDB and LLDB see every vCPU of a machine as a thread. */
package dev.carafe.tools.gdb;
