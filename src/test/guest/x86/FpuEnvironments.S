# FNSTENV, FLDENV, FNSAVE and FRSTOR in real and protected mode, with 16- and 32-bit operands (SDM vol. 1, 8.1.10).
# log: 37f 3800 3fff 0 506 1020 1000
# log: 0 506 1020 1000
# log: 37f 3800 3fff 0 506 1020 1000
# log: 3fff 0 3800 3ff0
# log: 37f 3800 3fff 0 5050008 20020 10
# log: 0 8 20 10
# log: 0 5050008 20020 10
# log: 3ff0 0
#include "start.inc"
START
  mov ax, 0x1100
  mov ds, ax
  mov es, ax
  mov dword ptr [0x20], 0
  mov dword ptr [0x24], 0x3FF00000
  fninit
1:
  fld qword ptr [0x20]
  fnstenv [0x100]                   # 14 bytes, linear pointers of 20 bits
  mov ax, [0x100]
  LOG16 ax
  mov ax, [0x102]
  LOG16 ax
  mov ax, [0x104]
  LOG16 ax
  mov ax, [0x106]
  sub ax, offset 1b
  LOG16 ax
  mov ax, [0x108]
  LOG16 ax
  mov ax, [0x10A]
  LOG16 ax
  mov ax, [0x10C]
  LOG16 ax
  .byte 0x66
  fnstenv [0x200]                   # 28 bytes, linear pointers of 32 bits
  mov ax, [0x20C]
  sub ax, offset 1b
  LOG16 ax
  mov ax, [0x210]
  LOG16 ax
  mov ax, [0x214]
  LOG16 ax
  mov ax, [0x218]
  LOG16 ax
  fninit
  fldenv [0x100]
  fnstenv [0x300]
  mov ax, [0x300]                   # FNSTENV has masked what was masked already
  LOG16 ax
  mov ax, [0x302]
  LOG16 ax
  mov ax, [0x304]
  LOG16 ax
  mov ax, [0x306]
  sub ax, offset 1b
  LOG16 ax
  mov ax, [0x308]
  LOG16 ax
  mov ax, [0x30A]
  LOG16 ax
  mov ax, [0x30C]
  LOG16 ax
  fnsave [0x400]                    # 94 bytes
  mov ax, [0x400 + 14 + 8]
  LOG16 ax
  fnstsw ax                         # FNSAVE initialises
  LOG16 ax
  frstor [0x400]
  fnstsw ax
  LOG16 ax
  fstp qword ptr [0x500]
  mov ax, [0x506]
  LOG16 ax
  xor ax, ax
  mov ds, ax
  TO_PROTECTED
  mov dword ptr [0x20020], 0
  mov dword ptr [0x20024], 0x3FF00000
  fninit
2:
  fld qword ptr [0x20020]
  fnstenv [0x20100]                 # 28 bytes, selectors and offsets
  movzx eax, word ptr [0x20100]
  LOG32 eax
  movzx eax, word ptr [0x20104]
  LOG32 eax
  movzx eax, word ptr [0x20108]
  LOG32 eax
  mov eax, [0x2010C]
  sub eax, offset 2b
  LOG32 eax
  mov eax, [0x20110]
  LOG32 eax
  mov eax, [0x20114]
  LOG32 eax
  movzx eax, word ptr [0x20118]
  LOG32 eax
  .byte 0x66
  fnstenv [0x20200]                 # 14 bytes, selectors and 16-bit offsets
  movzx eax, word ptr [0x20206]
  sub eax, offset 2b
  LOG32 eax
  movzx eax, word ptr [0x20208]
  LOG32 eax
  movzx eax, word ptr [0x2020A]
  LOG32 eax
  movzx eax, word ptr [0x2020C]
  LOG32 eax
  fninit
  fldenv [0x20100]
  fnsave [0x20300]                  # 108 bytes
  mov eax, [0x2030C]
  sub eax, offset 2b
  LOG32 eax
  mov eax, [0x20310]
  LOG32 eax
  mov eax, [0x20314]
  LOG32 eax
  movzx eax, word ptr [0x20318]
  LOG32 eax
  frstor [0x20300]
  fstp qword ptr [0x20400]
  movzx eax, word ptr [0x20406]
  LOG32 eax
  fnstsw ax
  movzx eax, ax
  LOG32 eax
END
#include "handlers.inc"
