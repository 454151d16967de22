/**
 * The native tier: IR to x86-64 machine code, and the memory it lives in. {@link
 * org.coremu.exec.nativecode.BlockCompiler} is the way in; what a register holds is said in {@link
 * org.coremu.exec.nativecode.Host}.
 */
package org.coremu.exec.nativecode;
