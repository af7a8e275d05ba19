package dev.carafe.core.isa;

/**
 * How code bytes are read: the default operand and address size that CS gives (SDM Vol. 1,
 * "Operand-Size and Address-Size Attributes").
 */
public enum CodeMode {
    CODE16,
    CODE32,
    CODE64
}
