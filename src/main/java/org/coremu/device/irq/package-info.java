/**
 * Interrupt controllers of the x86 {@code pc} board: local APICs, the messages between them, I/O
 * APIC and the 8259 pair.
 *
 * <p>Calls go one way: device, then 8259 or I/O APIC (each has a lock), then {@link
 * org.coremu.device.irq.InterruptBus}, then {@link org.coremu.device.irq.LocalApic} (accepts
 * without a lock), then the core. An end of interrupt goes the other way, but holds no lock of the
 * local APIC, so no cycle of locks exists.
 */
package org.coremu.device.irq;
