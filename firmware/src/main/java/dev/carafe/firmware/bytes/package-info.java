/** Writing and reading numbers in byte arrays. Not exported. */
package dev.carafe.firmware.bytes;
