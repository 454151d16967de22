package org.coremu.machine.acpi;

import java.util.ArrayList;
import java.util.List;

/**
 * All ACPI tables of a board, to be placed in its RAM as one block, with the root pointer at its
 * beginning or, for guests that search for it, separately in 0xe0000 to 0xfffff.
 *
 * <p>The block belongs into a range that the memory map calls ACPI NVS: the guest writes to the
 * FACS in it.
 */
public final class AcpiTables {
  /** What the FACS needs; the other tables would do with less. */
  private static final int BLOCK_ALIGNMENT = 64;

  private static final long FOUR_GIB = 1L << 32;
  private static final int RSDP_BYTES = 36;
  private static final int RSDP_V1_BYTES = 20;
  private static final int RSDP_CHECKSUM = 8;
  private static final int RSDP_EXTENDED_CHECKSUM = 32;

  private final AcpiBoard board;

  public AcpiTables(AcpiBoard board) {
    this.board = board;
  }

  /**
   * Bytes for guest RAM.
   *
   * @param address guest-physical
   * @param bytes what goes there
   */
  public record Blob(long address, byte[] bytes) {}

  /** The block of tables, and where in it the two roots are. */
  private record Block(byte[] bytes, long rsdt, long xsdt) {}

  /** Bytes that the block of tables takes, without the root pointer. */
  public int size() {
    return build(0).bytes.length;
  }

  /**
   * Makes the tables for their place.
   *
   * @param rsdp where the root pointer (36 bytes) goes, a multiple of 16
   * @param base where the block of {@link #size()} bytes goes, a multiple of 64, wholly below 4 GiB
   * @return what to write into guest RAM
   */
  public List<Blob> place(long rsdp, long base) {
    Block block = build(base);
    if (rsdp % 16 != 0 || base % BLOCK_ALIGNMENT != 0 || base + block.bytes.length > FOUR_GIB) {
      throw new IllegalArgumentException("ACPI tables at %#x, RSDP at %#x".formatted(base, rsdp));
    }
    return List.of(new Blob(rsdp, rootPointer(block)), new Blob(base, block.bytes));
  }

  private Block build(long base) {
    TableWriter block = new TableWriter();
    long facs = append(block, base, Fadt.facs());
    long dsdt = append(block, base, Dsdt.build(board));
    List<Long> roots = new ArrayList<>();
    roots.add(append(block, base, Fadt.build(board, facs, dsdt)));
    roots.add(append(block, base, Madt.build(board)));
    board.hpet().ifPresent(hpet -> roots.add(append(block, base, HpetTable.build(hpet))));

    TableWriter rsdt = TableWriter.table("RSDT", 1);
    TableWriter xsdt = TableWriter.table("XSDT", 1);
    for (long address : roots) {
      rsdt.u32((int) address);
      xsdt.u64(address);
    }
    long rsdtAddress = append(block, base, rsdt.finish());
    long xsdtAddress = append(block, base, xsdt.finish());
    return new Block(block.toArray(), rsdtAddress, xsdtAddress);
  }

  private static long append(TableWriter block, long base, byte[] table) {
    block.zeros(-block.size() & (BLOCK_ALIGNMENT - 1));
    long address = base + block.size();
    block.bytes(table);
    return address;
  }

  /** Root system description pointer, revision 2: ACPI 6.4, 5.2.5.3. */
  private static byte[] rootPointer(Block block) {
    TableWriter out = new TableWriter();
    out.text("RSD PTR ", 8).u8(0).text("COREMU", 6).u8(2).u32((int) block.rsdt);
    out.u32(RSDP_BYTES).u64(block.xsdt).u8(0).zeros(3);
    byte[] pointer = out.toArray();
    pointer[RSDP_CHECKSUM] = TableWriter.checksum(pointer, 0, RSDP_V1_BYTES);
    pointer[RSDP_EXTENDED_CHECKSUM] = TableWriter.checksum(pointer, 0, RSDP_BYTES);
    return pointer;
  }
}
