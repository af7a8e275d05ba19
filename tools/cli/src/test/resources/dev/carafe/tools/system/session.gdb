# What a kernel author does, with the guest kernel at -smp 4; GdbSessionTest checks what comes of it.
set pagination off
set confirm off
set width 0
target remote gdb.sock
echo == threads\n
info threads
echo == breakpoint\n
break smp_join
continue
continue
info symbol $pc
echo == backtraces\n
thread apply all bt
echo == finish\n
delete
set scheduler-locking on
finish
set scheduler-locking off
echo == watchpoint\n
thread 1
watch *(int*)&greeted
while *(int*)&greeted < 3
continue
end
delete
echo == hardware breakpoint\n
hbreak process_run
continue
delete
echo == steps without interrupts\n
set scheduler-locking on
break trap_common
maintenance packet qqemu.sstepbits
stepi 2000
thread
echo == steps with interrupts\n
maintenance packet Qqemu.sstep=1
stepi 100000
maintenance packet Qqemu.sstep=7
delete
set scheduler-locking off
echo == search\n
find /g /1 (char*)&process_run - 64, +4096, *(long*)&process_run
echo == registers\n
p $cr0
p $efer
p/x $gs_base == (unsigned long)&cpus || $gs_base > 0xffffffff80000000
p $xmm0.uint128
p $ymm15.v2_int128[1]
p/x $dr7
set var $k0 = $rbx
p $rbx = 0x1234
p $rbx = $k0
echo == physical memory\n
set var $a = (unsigned long)&process_run
set var $plain = *(unsigned long*)$a
set var $root = $cr3 & ~0xfff
maintenance packet Qqemu.PhyMemMode:1
set var $e = *(unsigned long*)($root + (($a >> 39) & 511) * 8)
set var $e = *(unsigned long*)(($e & 0xffffffffff000) + (($a >> 30) & 511) * 8)
set var $e = *(unsigned long*)(($e & 0xffffffffff000) + (($a >> 21) & 511) * 8)
set var $e = *(unsigned long*)(($e & 0xffffffffff000) + (($a >> 12) & 511) * 8)
set var $physical = *(unsigned long*)(($e & 0xffffffffff000) + ($a & 0xfff))
maintenance packet Qqemu.PhyMemMode:0
p $physical == $plain
echo == monitor\n
monitor info version
monitor info cpus
monitor info registers -a
monitor gva2gpa 0xffffffff80000000
monitor nosuchcommand
echo == detach\n
break process_run
delete
set var $there = $pc
set var $code = *(short*)$there
set var *(short*)$there = 0xfeeb
detach
echo == reattach\n
target remote gdb.sock
thread apply all -q -s p $pc == $there
set var *(short*)$there = $code
echo == reset\n
break smp_join
monitor system_reset
continue
thread apply 4 info registers rip
delete
echo == end\n
continue
