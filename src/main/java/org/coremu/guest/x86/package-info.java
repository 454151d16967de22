/**
 * The x86 guest: decoding, assembly and translation of x86-64 (and 32- and 16-bit) code.
 *
 * <p>An instruction form is one row of {@code opcodes.txt} (a resource of this package). {@link
 * org.coremu.guest.x86.OpcodeTable} loads the rows into flat arrays, {@link org.coremu.guest.x86.Decoder} fills one
 * reusable {@link org.coremu.guest.x86.Insn}, {@link org.coremu.guest.x86.Assembly} prints it, and {@code
 * Families} passes it to the class of {@code org.coremu.guest.x86.insn} that the row names.
 *
 * <p>How a family gets at its operands: {@code insn.row.form[n]} and {@code insn.width(n)} tell what operand {@code n}
 * is and how wide (bits); {@code insn.opSize} is the operand size of the whole instruction (8, 16, 32, 64). A register
 * operand's number is {@code insn.reg} or {@code insn.rm} (REX bits included; {@code rm} also holds the register of a
 * {@code Z} operand); {@link org.coremu.guest.x86.Insn#isHighByte} tells AH, CH, DH and BH apart from SPL to DIL. A
 * memory operand is {@code base + (index << scale) + disp} in {@code addrSize} bits, relative to {@code segment}.
 */
package org.coremu.guest.x86;
