/** Serial ports. */
package org.coremu.device.uart;
