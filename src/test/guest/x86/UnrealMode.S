# Segment limits loaded in protected mode survive the return to real mode, until the next load keeps them too: only base
# and selector change. CR0.PE can be set and cleared without a far jump.
# log: 5a
# log: 6b
# log: 7c 2000
#include "start.inc"
START
  lgdt [gdt_pointer]
  mov eax, cr0
  or al, CR0_PE
  mov cr0, eax
  mov bx, SEL_DATA
  mov fs, bx
  mov gs, bx
  and al, ~CR0_PE
  mov cr0, eax
  mov ebx, 0x200000
  mov byte ptr fs:[ebx], 0x5A       # 2 MiB, above any 16-bit limit
  movzx ax, byte ptr fs:[ebx]
  LOG16 ax
  xor ax, ax
  mov fs, ax                        # a load in real mode sets base and selector
  mov byte ptr fs:[ebx+1], 0x6B
  movzx ax, byte ptr gs:[ebx+1]
  LOG16 ax
  mov ax, 0x2000
  mov fs, ax
  mov ebx, 0x20010
  mov byte ptr gs:[ebx], 0x7C
  movzx ax, byte ptr fs:[0x10]
  LOG16 ax
  mov ax, fs
  LOG16 ax
END
  .code32
#include "handlers.inc"
