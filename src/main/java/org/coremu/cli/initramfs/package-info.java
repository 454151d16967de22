/**
 * The initial RAM disk of {@code coremu boot}: a cpio archive with busybox and an init script, and
 * how to talk to it.
 */
package org.coremu.cli.initramfs;
