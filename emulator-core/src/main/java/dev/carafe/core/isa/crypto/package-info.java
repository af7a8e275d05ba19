/** Instructions for cryptography: AES, carry-less multiplication, SHA, Galois-field arithmetic. */
package dev.carafe.core.isa.crypto;
