/**
 * Machines: what the user asked for ({@link org.coremu.machine.MachineSpec}), the boards built from
 * it, and how a run ended. The only package that names guests and devices together.
 */
package org.coremu.machine;
