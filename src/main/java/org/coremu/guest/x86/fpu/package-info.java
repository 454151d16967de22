/**
 * The x87 FPU: its register stack, its exceptions, and the helpers that its instructions call.
 *
 * <p>The arithmetic is {@code org.coremu.bits.Float80}'s; here is what surrounds it: stack faults,
 * tags, the status word, the instruction and data pointers, and images in memory ({@link
 * org.coremu.guest.x86.fpu.X87Image}). The authority is Intel's SDM, volume 1, chapter 8; where
 * processors differ, AMD's Zen is followed, which the tests can compare with.
 */
package org.coremu.guest.x86.fpu;
