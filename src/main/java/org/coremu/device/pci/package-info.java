/** Peripheral Component Interconnect: configuration mechanism, bridges. */
package org.coremu.device.pci;
