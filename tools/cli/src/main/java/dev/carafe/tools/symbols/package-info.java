/** What a guest's addresses are called: functions, variables and source lines of its kernel. */
package dev.carafe.tools.symbols;
