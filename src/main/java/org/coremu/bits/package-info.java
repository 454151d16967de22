/** Bit patterns and arithmetic that Java does not offer: 128-bit integers and bit-exact IEEE 754 as x86 does it. */
package org.coremu.bits;
