/**
 * Guest-physical memory and the way to it: {@link org.coremu.mem.Ram}, the {@link
 * org.coremu.mem.PhysicalBus} that holds RAM and devices, port space, the software TLB of a core,
 * and the tracking of pages that hold translated code.
 */
package org.coremu.mem;
