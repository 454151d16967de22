/**
 * Putting a guest's software into its RAM and saying where the boot core starts.
 *
 * <p>{@link org.coremu.machine.boot.KernelImage#detect} tells the formats apart by content; each
 * format is one class that places everything its boot protocol wants and returns a {@link
 * org.coremu.machine.boot.CpuEntry}. Images are untrusted: {@link
 * org.coremu.machine.boot.ImageFile} checks every offset, {@link org.coremu.machine.boot.RamLayout}
 * every guest address, and whatever does not fit is one {@link org.coremu.machine.ConfigException}.
 */
package org.coremu.machine.boot;
