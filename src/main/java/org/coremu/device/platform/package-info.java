/**
 * What else is on a PC's mainboard: system control ports, keyboard controller, debug ports,
 * firmware configuration.
 */
package org.coremu.device.platform;
