# 64-bit delivery: the stack is aligned to 16, switched by privilege (RSP0) and by IST; a double fault.
# log: 6 0 0 7ba0
# log: 6 0 0 67d8
# log: d 0 0 77c0
# log: 3 0 1 67d8
# log: 8 0 0
#include "start.inc"
START
  TO_LONG
  sub rsp, 0x23                     # 0x7BCD: aligned down, five words pushed
  TRY ud2
  add rsp, 0x23
  mov rax, [ENTRY_RSP]
  add rax, 8
  LOG rax
  mov byte ptr [IDT_AT + 16 * 6 + 4], 1
  TRY ud2
  mov rax, [ENTRY_RSP]
  LOG rax
  TO_USER
  TRY cli
  mov rax, [ENTRY_RSP]
  LOG rax
  mov byte ptr [IDT_AT + 16 * 3 + 4], 1
  TRY int3
  mov rax, [ENTRY_RSP]
  LOG rax
  TO_KERNEL
  # #UD without a present gate is #NP; #NP without one is a double fault
  mov byte ptr [IDT_AT + 16 * 6 + 5], 0x0E
  mov byte ptr [IDT_AT + 16 * 11 + 5], 0x0E
  mov byte ptr [IDT_AT + 16 * 13 + 5], 0x0E
  TRY ud2
END
#include "handlers.inc"
