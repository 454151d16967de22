/**
 * Differential testing of x86-64 user-mode code: a random instruction generator with its own opcode
 * table, and the host CPU as the oracle. The table is independent of the emulator's on purpose, so
 * that a wrong row in one of them shows as a disagreement.
 */
package org.coremu.guest.x86.oracle;
