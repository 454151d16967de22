/**
 * The families of x86 instructions: each class translates the rows of {@code opcodes.txt} that name
 * it, one static method a meaning, whatever the operand forms and sizes.
 */
package org.coremu.guest.x86.insn;
