# 64-bit far returns, IRET and call gates: privilege changes, null and bad SS, non-canonical targets, NT.
# log: 33 2b
# log: 18 0 70
# log: 0
# log: d 0 0
# log: d 28 0
# log: d 0 0
# log: d 0 0
# log: 99
#include "start.inc"
.macro TRY_IRET cs, ss, flags=2, rip=0
  mov rbx, rsp
  mov qword ptr [RESUME], offset 9f
  mov qword ptr [ATTEMPT], offset 8f
  push \ss
  push rbx
  push \flags
  push \cs
  .if \rip == 0
  push offset 9f
  .else
  movabs rax, \rip
  push rax
  .endif
8:
  iretq
9:
  mov rsp, rbx
.endm
START
  TO_LONG
  # 0x58: 64-bit call gate, DPL 3, to routine
  mov eax, offset routine
  mov word ptr [free_descriptors], ax
  mov word ptr [free_descriptors + 2], SEL_CODE64
  mov word ptr [free_descriptors + 4], 0xEC00
  mov word ptr [free_descriptors + 6], 0
  mov qword ptr [free_descriptors + 8], 0
  # a far return to ring 3
  push SEL_USER_DATA
  push USER_STACK_TOP
  push SEL_USER64
  push offset 1f
  .byte 0x48, 0xCB
1:
  mov eax, cs
  LOG rax
  mov eax, ss
  LOG rax
  call fword ptr [gate]             # logs CS, SS (null) and how far below the old stack the frame lies
  TO_KERNEL
  TRY_IRET SEL_CODE64, 0            # a null SS is fine for 64-bit ring 0
  mov eax, ss
  LOG rax
  mov eax, SEL_DATA
  mov ss, eax
  TRY_IRET 0, SEL_DATA              # null CS
  TRY_IRET SEL_CODE64, SEL_USER_DATA-3 # DPL is not CPL
  TRY_IRET SEL_CODE64, SEL_DATA, 2, 0x8000000000000000
  pushfq
  or dword ptr [rsp], 0x4000
  popfq
  mov qword ptr [RESUME], offset 2f
  mov qword ptr [ATTEMPT], offset 1f
1:
  iretq                             # NT: a task return, which long mode has not
2:
  pushfq
  and dword ptr [rsp], ~0x4000
  popfq
  mov eax, 0x99
  LOG rax
END

routine:
  mov eax, cs
  LOG rax
  mov eax, ss
  LOG rax
  mov rax, STACK_TOP - 0x400
  sub rax, rsp
  add rax, 0x50
  LOG rax
  .byte 0x48, 0xCB
gate:
  .long 0
  .word SEL_FREE | 3
#include "handlers.inc"
