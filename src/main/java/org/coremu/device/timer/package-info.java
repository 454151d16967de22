/** Interval timers: the 8254 that every PC has, and the HPET. */
package org.coremu.device.timer;
