# SMEP and SMAP: ring 0 may not execute user pages, nor touch them unless AC is set; STAC and CLAC.
# log: e 1 0
# log: e 3 0
# log: 12
# log: e 1 0
# log: e 11 0
# log: 34
# log: e 1 0
#include "start.inc"
START
  TO_LONG
  # ring 0 keeps to supervisor pages: all of the first 2 MiB but page 0x20
  mov edi, PT_AT
  mov ecx, 512
1:
  and byte ptr [rdi], ~4
  add edi, 8
  loop 1b
  or byte ptr [PT_AT + 0x20 * 8], 4
  mov dword ptr [0x20000], 0x12
  mov byte ptr [0x20100], 0xC3      # RET
  mov rax, cr3
  mov cr3, rax
  mov rax, cr4
  or eax, CR4_SMEP | CR4_SMAP
  mov cr4, rax
  mov ebx, 0x20000
  TRY mov eax, [rbx]
  TRY mov [rbx], eax
  stac
  mov eax, [rbx]
  LOG rax
  clac
  TRY mov eax, [rbx]
  stac                              # AC is nothing to SMEP
  lea rcx, [rbx + 0x100]
  mov [ATTEMPT], rcx
  mov qword ptr [RESUME], offset 1f
  jmp rcx
1:
  clac
  mov rax, cr4
  and eax, ~CR4_SMEP
  mov cr4, rax
  call rcx                          # without SMEP it may
  mov eax, 0x34
  LOG rax
  pushfq                            # POPF sets AC as well
  or dword ptr [rsp], 0x40000
  popfq
  mov eax, [rbx]
  pushfq
  and dword ptr [rsp], ~0x40000
  popfq
  TRY mov eax, [rbx]
END
#include "handlers.inc"
