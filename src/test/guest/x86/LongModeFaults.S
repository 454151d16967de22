# Faults of 64-bit code: vector, error code and RIP, the first four entries of the log each.
# log: 0 0 0
# log: 6 0 0
# log: 3 0 1
# log: d 0 0
# log: d 0 0
# log: c 0 0
# log: e 0 0 4000000000
# log: e 2 0 4000000008
# log: e 10 4000000000 4000000000
# log: d 33a 0
# log: 1 0 2
# log: 77
#include "start.inc"
START
TO_LONG
  xor ecx, ecx
  mov eax, 5
  xor edx, edx
  TRY div ecx
  TRY ud2
  TRY int3
  movabs rbx, 0x1234567812345678
  TRY mov rax, [rbx]
  TRY mov dr6, rbx # bits 63:32 must be zero
  mov rbp, rbx
  TRY mov rax, [rbp]
  movabs rbx, 0x4000000000
  TRY mov rax, [rbx]
  mov rax, cr2
  LOG rax
  TRY mov [rbx+8], eax
  mov rax, cr2
  LOG rax
  mov qword ptr [ATTEMPT], 0
  mov qword ptr [RESUME], offset 1f
  jmp rbx
1:
  mov rax, cr2
  LOG rax
  mov byte ptr [IDT_AT + 16 * 0x67 + 5], 0 # not present is #NP, DPL 0 from ring 0 is fine
  mov byte ptr [IDT_AT + 16 * 0x67 + 4], 0
  TRY int 0x67
  mov qword ptr [ATTEMPT], offset 1f
  mov qword ptr [RESUME], offset 2f
  pushfq
  or qword ptr [rsp], 0x100
  popfq
1:
  xchg ax, ax
  xchg ax, ax
2:
  mov eax, 0x77
  LOG rax
END
#include "handlers.inc"
