/**
 * The vocabulary that cores, devices and boards share: memory-mapped and port devices, interrupt
 * lines, virtual time, external inputs and saved state. Interfaces and units only; nothing here
 * knows an ISA or a chip.
 */
package org.coremu.hw;
