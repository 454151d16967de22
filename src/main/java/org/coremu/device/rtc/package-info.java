/** Calendar clocks with battery-backed memory. */
package org.coremu.device.rtc;
