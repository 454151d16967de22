# A fault that can't be delivered, nor the double fault after it, shuts the processor down.
# log: 1
# end: shutdown
#include "start.inc"
START
  TO_LONG
  mov eax, 1
  LOG rax
  lidt [no_idt]
  ud2
  mov eax, 2
  LOG rax
END
no_idt:
  .word 0
  .quad 0
#include "handlers.inc"
