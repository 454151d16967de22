/**
 * Executes guest code: the core and its state, the SPI an ISA implements, translation to blocks,
 * the cache of blocks that all cores share, and the interpreter.
 *
 * <p>The way of a block: {@link org.coremu.exec.Core#run} looks up the PC in its jump cache, then
 * in the shared {@link org.coremu.exec.CodeCache}, then asks {@link org.coremu.exec.Translator} for
 * it, which runs the guest's translation, the IR passes and {@link org.coremu.exec.Lowering};
 * {@link org.coremu.exec.Interpreter} executes the result. A load that misses the TLB goes to
 * {@link org.coremu.exec.MemoryPath}.
 */
package org.coremu.exec;
