/**
 * The intermediate representation in which every guest instruction is defined, once.
 *
 * <p>A {@link org.coremu.ir.Block} is a straight run of guest instructions with one entry. Its ops
 * are in SSA form: the index of an op is the name of its result. Values are 64-bit integers or
 * 128-bit vectors; guest state is read with {@code GET} and written with {@code PUT}, whose operand
 * is a slot of the core's state (see {@code exec.CoreState}). Nothing in a block depends on the
 * virtual address it was translated at: code addresses are deltas from the block's first
 * instruction, so that one translation serves every mapping of its page.
 *
 * <p>Arithmetic flags are kept lazily: {@code FLAGS} records an operation ({@link
 * org.coremu.ir.FlagKind}) and its operands; {@code COND} and {@code GETFLAGS} read them. Inside a
 * block {@link org.coremu.ir.IrBuilder} turns a condition on known operands into a plain
 * comparison, and a {@code FLAGS} that nobody can observe is removed by {@link
 * org.coremu.ir.DeadCode}.
 *
 * <p>The order of a translation: {@code IrBuilder} (with folding and forwarding of state) → {@code
 * DeadCode} → a tier of {@code exec}. {@link org.coremu.ir.IrPrinter} shows a block, {@link
 * org.coremu.ir.Verifier} checks it in tests.
 */
package org.coremu.ir;
