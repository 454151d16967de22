/**
 * A tiny ISA and a machine of cores that run it, to test the engine and the scheduler without a
 * real guest.
 */
package org.coremu.exec.toy;
