/**
 * The registers behind ACPI's fixed hardware: power management, the PM timer, reset. The tables are
 * made elsewhere.
 */
package org.coremu.device.acpi;
