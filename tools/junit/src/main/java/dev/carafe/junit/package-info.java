/**
 * A kernel under test in JUnit 5: {@link dev.carafe.junit.CarafeMachine} on a field or parameter of
 * type {@link dev.carafe.junit.Vm}.
 */
package dev.carafe.junit;
