package org.coremu.exec;

import java.util.Arrays;
import org.coremu.exec.nativecode.BlockCompiler;
import org.coremu.ir.DeadCode;
import org.coremu.ir.IrBuilder;
import org.coremu.mem.Ram;

/**
 * Makes blocks: reads guest code, has the guest translate it to IR, runs the passes, lowers the
 * result. Holds the buffers for that; one per host worker.
 */
public final class Translator {
  /** Guest instructions in a block, at most. */
  public static final int MAX_INSNS = 48;

  /** Guest instructions in a trace, at most. */
  private static final int MAX_TRACE = 96;

  private final IrBuilder ir;
  private final DeadCode deadCode = new DeadCode();
  private final Lowering lowering = new Lowering();
  private final Reader reader = new Reader();

  /** Made for the first machine with a native tier that the host thread works for. */
  private BlockCompiler compiler;

  private NativeCode compilesFor;

  public Translator(Helpers helpers) {
    ir = new IrBuilder(helpers);
  }

  /**
   * Translates the block at a place and publishes it.
   *
   * @param linear its virtual address
   * @param ramOffset its place in RAM
   */
  CodeBlock translate(Core core, long linear, long ramOffset) {
    return translate(core, linear, ramOffset, core.codeCache.onlyTraces);
  }

  /** As the other one, to native code of a trace: for code that is executed a lot. */
  CodeBlock translateTrace(Core core, long linear, long ramOffset) {
    return translate(core, linear, ramOffset, true);
  }

  private CodeBlock translate(Core core, long linear, long ramOffset, boolean trace) {
    CodeCache cache = core.codeCache;
    CodeEvents.Translation event = CodeEvents.translation();
    cache.makeRoom();
    for (; ; ) {
      cache.prepare(ramOffset >>> Ram.PAGE_SHIFT, core);
      boolean toNative = cache.nativeCode != null && core.guest.hasLinearPc(core.mode);
      CodeBlock block =
          toNative
              ? compile(core, linear, ramOffset, trace)
              : build(core, linear, ramOffset, MAX_INSNS);
      if (block.ramOffset < 0 || cache.add(block)) {
        if (event != null) {
          int bytes = block.isNative() ? compiler.size() : block.code.length * Long.BYTES;
          CodeEvents.translated(event, linear, block, bytes);
        }
        return block;
      }
    }
  }

  /** Translates a block to native code. */
  private CodeBlock compile(Core core, long linear, long ramOffset, boolean trace) {
    NativeCode target = core.codeCache.nativeCode;
    if (compilesFor != target) {
      compiler = target.newCompiler();
      compilesFor = target;
    }
    int length = translateBlock(core, linear, ramOffset, trace ? MAX_TRACE : MAX_INSNS, trace);
    byte[] source = reader.source(length);
    if (!reader.isInRam(length)) {
      return lowering.lower(
          ir.block(), deadCode, -1, reader.secondPage(length), core.codeMode(), source);
    }
    int id = target.newId();
    compiler.compile(
        ir.block(), (int) linear & Ram.PAGE_SIZE - 1, core.pcMask, core.mmuMode, trace, id);
    CodeBlock block =
        new CodeBlock(
            trace,
            ramOffset,
            reader.secondPage(length),
            core.codeMode(),
            source,
            id,
            compiler.sites().words(),
            compiler.sites().instructions(),
            Arrays.copyOf(ir.block().insnDelta, ir.block().insns));
    if (!target.install(compiler, block, linear, core.codeCache)) {
      // The memory that is to be used next may still be in use: an instruction for now.
      target.freeId(id);
      return build(core, linear, -1, 1);
    }
    return block;
  }

  /**
   * Translates at most {@code maxInsns} instructions into a block for the caller alone; {@code
   * ramOffset} is -1 if the code is not in RAM.
   */
  CodeBlock build(Core core, long linear, long ramOffset, int maxInsns) {
    int length = translateBlock(core, linear, ramOffset, maxInsns, false);
    byte[] source = reader.source(length);
    long place = reader.isInRam(length) ? ramOffset : -1;
    return lowering.lower(
        ir.block(), deadCode, place, reader.secondPage(length), core.codeMode(), source);
  }

  /** Makes the IR of a block and gives the length of its code. */
  private int translateBlock(Core core, long linear, long ramOffset, int maxInsns, boolean trace) {
    reader.start(core, linear, ramOffset);
    ir.begin();
    if (trace) {
      core.guest.translateTrace(ir, reader, linear, core.mode, maxInsns);
    } else {
      core.guest.translateBlock(ir, reader, linear, core.mode, maxInsns);
    }
    deadCode.run(ir.block());
    return ir.block().endDelta();
  }

  /**
   * The IR of the block that begins at the core's PC, for crash reports; changes nothing that the
   * guest sees.
   */
  public String describe(Core core) {
    long linear = core.linearPc();
    try {
      build(core, linear, core.memory.fetchOffset(linear), MAX_INSNS);
      return ir.block().toString();
    } catch (RuntimeException | AssertionError e) {
      return "no IR: " + e;
    }
  }

  /**
   * Reads code through the core's address translation, every byte once, so that what is translated
   * and what is kept to be compared with RAM are the same also while others write it.
   */
  private static final class Reader implements CodeReader {
    private Core core;
    private long linear;
    private long ramOffset;
    private int firstPageBytes;
    private long second;
    private byte[] bytes = new byte[1024];
    private int known;

    void start(Core core, long linear, long ramOffset) {
      this.core = core;
      this.linear = linear;
      this.ramOffset = ramOffset;
      firstPageBytes = Ram.PAGE_SIZE - (int) (linear & Ram.PAGE_SIZE - 1);
      second = -1;
      known = 0;
    }

    @Override
    public int u8(int delta) {
      while (known <= delta) {
        if (known == bytes.length) {
          bytes = Arrays.copyOf(bytes, known * 2);
        }
        bytes[known] = (byte) read(known);
        known++;
      }
      return bytes[delta] & 0xff;
    }

    private int read(int delta) {
      if (delta < firstPageBytes) {
        return ramOffset >= 0
            ? core.memory.ram().load8(ramOffset + delta)
            : core.memory.fetchFromDevice(linear + delta);
      }
      if (second < 0) {
        long offset = core.memory.fetchOffset(linear + firstPageBytes);
        if (offset < 0) {
          return core.memory.fetchFromDevice(linear + delta);
        }
        second = offset;
        core.codeCache.prepare(offset >>> Ram.PAGE_SHIFT, core);
      }
      return core.memory.ram().load8(second + delta - firstPageBytes);
    }

    /** Whether all code of this length, which has been read, is in RAM. */
    boolean isInRam(int length) {
      return ramOffset >= 0 && (length <= firstPageBytes || second >= 0);
    }

    /** Where the second page is in RAM, if code of this length reaches into it, else -1. */
    long secondPage(int length) {
      return length > firstPageBytes ? second : -1;
    }

    byte[] source(int length) {
      if (length > 0) {
        u8(length - 1);
      }
      return Arrays.copyOf(bytes, length);
    }
  }
}
