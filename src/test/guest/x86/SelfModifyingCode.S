# Stores into code: into the next instruction, into a page already executed, through an alias, across a page boundary.
# log: 22
# log: 1 2
# log: 3
# log: 4 5
# log: a
#include "start.inc"
START
  TO_LONG
  mov byte ptr [1f + 1], 0x22       # the instruction right behind the store
1:
  mov eax, 0x11
  LOG rax
  # a function at 0x20000: MOV EAX, n; RET
  mov ebx, 0x20000
  mov dword ptr [rbx], 0x000001B8
  mov word ptr [rbx + 4], 0xC300
  call rbx
  LOG rax
  mov byte ptr [rbx + 1], 2
  call rbx
  LOG rax
  mov dword ptr [PT_AT + 0x30 * 8], 0x20007   # 0x30000 is the same page
  invlpg [0x30000]
  mov byte ptr [0x30001], 3
  call rbx
  LOG rax
  mov ebx, 0x20FFE                  # the immediate lies in the next page
  mov dword ptr [rbx], 0x000004B8
  mov word ptr [rbx + 4], 0xC300
  call rbx
  LOG rax
  mov byte ptr [rbx + 1], 5
  call rbx
  LOG rax
  mov dword ptr [rbx + 1], 0        # a loop that rewrites itself ten times
  xor ecx, ecx
2:
  call rbx
  inc eax
  mov [rbx + 1], eax
  inc ecx
  cmp ecx, 10
  jb 2b
  LOG rax
END
#include "handlers.inc"
