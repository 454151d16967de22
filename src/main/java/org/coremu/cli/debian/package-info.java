/**
 * Debian's kernel and busybox for {@code coremu boot}: resolved and fetched by the ordinary apt
 * client in a private directory, unpacked without dpkg, kept in the user's cache.
 */
package org.coremu.cli.debian;
