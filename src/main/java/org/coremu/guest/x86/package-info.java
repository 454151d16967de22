/**
 * The x86 guest: decoding, assembly and translation of x86-64 (and 32- and 16-bit) code.
 *
 * <p>An instruction form is one row of {@code opcodes.txt} (a resource of this package). {@link
 * org.coremu.guest.x86.OpcodeTable} loads the rows into flat arrays, {@link
 * org.coremu.guest.x86.Decoder} fills one reusable {@link org.coremu.guest.x86.Insn}, {@link
 * org.coremu.guest.x86.Assembly} prints it, and {@code Families} passes it to the class of {@code
 * org.coremu.guest.x86.insn} that the row names.
 *
 * <p>How a family gets at its operands: through {@link org.coremu.guest.x86.X86Ir}. {@code
 * t.raw(n)}, {@code t.zx(n)} and {@code t.sx(n)} read operand {@code n} of the row whatever its
 * form (with anything above its width, zero-extended, sign-extended); {@code t.update(n)} reads one
 * that is written back; {@code t.write(n, v)} writes it as its size demands. {@code t.memory(bits,
 * write)} prepares the memory operand for {@code t.loadAt}, {@code t.storeAt}, {@code t.loadV},
 * {@code t.storeV} and {@code t.address()}. {@code t.insn.row.form[n]}, {@code t.insn.width(n)} and
 * {@code t.insn.opSize} tell what the operands are. The order is always: loads, stores, then
 * registers and flags, so that faults are precise.
 */
package org.coremu.guest.x86;
