/** JMH benchmarks, one for each cost centre. */
package dev.carafe.tools.bench;
