/*
 * A multiboot kernel that takes the latency of an interrupt from one running core to another: from before the sender's write to its
 * APIC's command register to the first instruction of the receiver's handler, by the time-stamp counters of both. All cores run: the
 * sender and the receiver (id 1) loop without PAUSE, so do the others, if there are any. Prints "@start TSC", "@end TSC", so that
 * who reads it can tell the counter's frequency, and then a line for each interrupt, all in hexadecimal.
 */
        .set    SAMPLES, 5000
        .set    APIC, 0xfee00000
        .set    VECTOR, 0x40
        .set    TRAMPOLINE, 0x8000      /* a page below 1 MiB for the start-up vector */
        .code32
        .section .text
        .globl _start
        .align 4
header: .long 0x1badb002, 0, -0x1badb002
_start: mov     $stack, %esp
        mov     $trampoline, %esi
        mov     $TRAMPOLINE, %edi
        mov     $trampoline_end - trampoline, %ecx
        rep movsb
        lgdt    TRAMPOLINE + gdt_pointer - trampoline
        ljmp    $8, $1f
1:      movl    $0x1ff, APIC + 0xf0     /* enabled */
        mov     $0xc4500, %eax          /* INIT to all others, then STARTUP twice */
        call    command
        mov     $0xc4608, %eax
        call    command
        mov     $0xc4608, %eax
        call    command
2:      cmpl    $0, ready
        je      2b
        mov     $'s', %al
        call    mark
        xor     %edi, %edi
sample: mov     seed, %eax              /* xorshift: how long to wait */
        mov     %eax, %edx
        shl     $13, %edx
        xor     %edx, %eax
        mov     %eax, %edx
        shr     $17, %edx
        xor     %edx, %eax
        mov     %eax, %edx
        shl     $5, %edx
        xor     %edx, %eax
        mov     %eax, seed
        and     $0x3ffff, %eax
3:      dec     %eax
        jns     3b
        movl    $1 << 24, APIC + 0x310  /* to id 1 */
        rdtsc
        mov     %eax, %esi
        movl    $0x4000 | VECTOR, APIC + 0x300
4:      cmp     %edi, handled           /* the last one's number, counted from 1 */
        jle     4b
        mov     arrived, %eax
        sub     %esi, %eax
        mov     %eax, latencies(, %edi, 4)
        inc     %edi
        cmp     $SAMPLES, %edi
        jb      sample
        mov     $'e', %al
        call    mark
        xor     %edi, %edi
5:      mov     latencies(, %edi, 4), %eax
        call    hex
        mov     $'\n', %al
        call    put
        inc     %edi
        cmp     $SAMPLES, %edi
        jb      5b
        mov     $0x604, %dx             /* off */
        mov     $0x2000, %ax
        out     %ax, %dx
6:      hlt
        jmp     6b

command:                                /* writes EAX to the command register, then waits 20 million ticks */
        mov     %eax, APIC + 0x300
        rdtsc
        mov     %eax, %ebx
7:      rdtsc
        sub     %ebx, %eax
        cmp     $20000000, %eax
        jb      7b
        ret

mark:                                   /* "@start TSC" or "@end TSC" */
        mov     $start_text, %esi
        cmp     $'s', %al
        je      8f
        mov     $end_text, %esi
8:      lodsb
        test    %al, %al
        jz      9f
        call    put
        jmp     8b
9:      rdtsc
        push    %eax
        mov     %edx, %eax
        call    hex
        pop     %eax
        call    hex
        mov     $'\n', %al
        jmp     put

hex:    mov     %eax, %ebx
        mov     $8, %ecx
1:      rol     $4, %ebx
        mov     %bl, %al
        and     $0xf, %al
        cmp     $10, %al
        sbb     $0x69, %al
        das
        call    put
        loop    1b
        ret
put:    mov     %al, %ah
        mov     $0x3fd, %dx
2:      in      %dx, %al
        test    $0x20, %al
        jz      2b
        mov     $0x3f8, %dx
        mov     %ah, %al
        out     %al, %dx
        ret

other:                                  /* the cores that were started come here, in protected mode */
        mov     $16, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %fs
        mov     %eax, %gs
        mov     %eax, %ss
        mov     APIC + 0x20, %eax
        cmp     $1 << 24, %eax
        je      receiver
        movl    $0x1ff, APIC + 0xf0
3:      inc     %eax                    /* busy for good */
        jmp     3b
receiver:
        mov     $receiver_stack, %esp
        movl    $handler, %eax
        mov     %ax, gate
        shr     $16, %eax
        mov     %ax, gate + 6
        lidt    idt_pointer
        movl    $0x1ff, APIC + 0xf0
        sti
        movl    $1, ready
4:      inc     %ecx                    /* not EAX and EDX: the handler has them for itself */
        jmp     4b
handler:
        rdtsc
        mov     %eax, arrived
        movl    $0, APIC + 0xb0         /* end of interrupt */
        incl    handled
        iret

        .code16
trampoline:
        cli
        lgdtl   %cs:gdt_pointer - trampoline
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        ljmpl   $8, $other
        .align  8
gdt:    .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
        .word   gdt_pointer - gdt - 1
        .long   TRAMPOLINE + gdt - trampoline
trampoline_end:

        .data
        .balign 4096                    /* apart from code: stores to its pages are slow */
seed:   .long   0x12345678
        .align  8
gate:   .word   0, 8, 0x8e00, 0         /* an interrupt gate */
idt_pointer:
        .word   VECTOR * 8 + 7
        .long   gate - VECTOR * 8
start_text: .asciz "@start "
end_text:   .asciz "@end "
        .bss
        .align  64
ready:  .space  64
arrived: .space 64
handled: .space 64
latencies: .space SAMPLES * 4
        .space  4096
receiver_stack:
        .space  4096
stack:
