# 4-level paging: reserved bits, NX, write protection, ring 3, large pages, accessed and dirty bits, INVLPG.
# log: e 9 0
# log: e 11 0
# log: e 3 0
# log: e 5 0
# log: e 7 0
# log: e 15 0
# log: 5a 5a
# log: 20 60
# log: a0 e0
# log: 11 22 33
# log: 44
#include "start.inc"
.macro TRY_JUMP register            # a fault of the fetch itself; RIP is the target
  mov [ATTEMPT], \register
  mov qword ptr [RESUME], offset 9f
  jmp \register
9:
.endm
START
  TO_LONG
  mov byte ptr [0x20000], 0xF4      # HLT, should it ever be executed
  or dword ptr [PT_AT + 0x20 * 8 + 4], 0x80000000    # NX
  and dword ptr [PT_AT + 0x21 * 8], ~2               # read only
  and dword ptr [PT_AT + 0x22 * 8], ~4               # ring 0 only
  or dword ptr [PD_AT + 8], 0x2000                   # reserved in a 2 MiB page
  mov rax, cr3
  mov cr3, rax
  mov ebx, 0x200000
  TRY mov al, [rbx]
  mov ebx, 0x20000
  TRY_JUMP rbx
  TRY mov [rbx + 0x1000], al
  TO_USER
  TRY mov al, [0x22000]
  TRY mov [0x21000], al
  TRY_JUMP rbx
  TO_KERNEL
  and dword ptr [PD_AT + 8], ~0x2000
  invlpg [0x200000]
  mov byte ptr [0x400010], 0x5A
  movzx eax, byte ptr [0x400010]
  LOG rax
  mov dword ptr [PDPT_AT + 8], 0x87 # 1 GiB page of physical 0
  mov ebx, 0x40400010
  movzx eax, byte ptr [rbx]
  LOG rax
  # accessed by a read, dirty by a write, in every level
  and dword ptr [PT_AT + 0x23 * 8], ~0x60
  invlpg [0x23000]
  mov al, [0x23000]
  mov eax, [PT_AT + 0x23 * 8]
  and eax, 0x60
  LOG rax
  mov [0x23000], al
  mov eax, [PT_AT + 0x23 * 8]
  and eax, 0x60
  LOG rax
  mov eax, [PDPT_AT + 8]
  and eax, 0xE0
  LOG rax
  mov byte ptr [rbx], 0
  mov eax, [PDPT_AT + 8]
  and eax, 0xE0
  LOG rax
  # a remapped page shows after INVLPG, another after a load of CR3
  mov qword ptr [0x24000], 0x11
  mov qword ptr [0x25000], 0x22
  mov qword ptr [0x26000], 0x33
  mov rax, [0x24000]
  LOG rax
  mov dword ptr [PT_AT + 0x24 * 8], 0x25007
  invlpg [0x24FFF]
  mov rax, [0x24000]
  LOG rax
  mov dword ptr [PT_AT + 0x24 * 8], 0x26007
  mov rax, cr3
  mov cr3, rax
  mov rax, [0x24000]
  LOG rax
  mov eax, 0x44
  LOG rax
END
#include "handlers.inc"
