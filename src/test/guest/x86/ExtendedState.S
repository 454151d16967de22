# XSAVE, XRSTOR and XGETBV: #UD without CR4.OSXSAVE, the components asked for, the header, init of what is absent.
# log: 6 0 0
# log: 3
# log: 1122334455667788 3
# log: 0
# log: 1122334455667788
# log: d 0 0
# log: d 0 0
# log: 3ff8000000000000
#include "start.inc"
.set AREA, 0x20000
START
  TO_LONG
  fninit                            # reset leaves no register empty and no exception masked
  xor ecx, ecx
  TRY xgetbv
  mov rax, cr4
  or eax, CR4_OSXSAVE
  mov cr4, rax
  xor edx, edx
  mov eax, 3
  xsetbv
  xor eax, eax
  xgetbv
  LOG rax
  movabs rax, 0x1122334455667788
  movq xmm3, rax
  mov dword ptr [0x21000], 0x3FC00000
  fld dword ptr [0x21000]
  mov eax, 7
  xor edx, edx
  xsave [AREA]
  mov rax, [AREA + 160 + 48]
  LOG rax
  mov rax, [AREA + 512]
  LOG rax
  # absent in the header: initial state
  mov qword ptr [AREA + 512], 1
  mov eax, 2
  xrstor [AREA]
  movq rax, xmm3
  LOG rax
  mov qword ptr [AREA + 512], 3
  mov eax, 3
  fninit
  xrstor [AREA]
  movq rax, xmm3
  LOG rax
  mov qword ptr [AREA + 520], 1     # XCOMP_BV and the rest of the header must be 0
  TRY xrstor [AREA]
  mov qword ptr [AREA + 520], 0
  TRY xrstor [AREA + 8]             # not a multiple of 64
  fstp qword ptr [0x21000]
  mov rax, [0x21000]
  LOG rax
END
#include "handlers.inc"
