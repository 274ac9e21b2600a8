;; SPDX-License-Identifier: Apache-2.0
;; Version 1.1.0 finds knocks that the root mean square hides: `reading window=7 level=4.62 peak=6.91 state=alarm`.
;; A peak counts when it is more than twice what a pure turn of this level would reach (level times the square root of 2).

(data (i32.const 1536) "reading window=")
(data (i32.const 1552) " level=")
(data (i32.const 1560) " peak=")
(data (i32.const 1568) " state=ok\n")
(data (i32.const 1584) " state=peak\n")
(data (i32.const 1600) " state=alarm\n")
(data (i32.const 1616) "ALARM level ")
(data (i32.const 1632) " mm/s is above ")
(data (i32.const 1648) "ALARM peak ")
(data (i32.const 1664) " mm/s in window ")

(func $peak (result f64)
  (local $highest f64) (local $i i32)
  (loop $next
    (local.set $highest
      (f64.max
        (local.get $highest)
        (f64.abs (f64.load (i32.add (i32.const 3072) (i32.shl (local.get $i) (i32.const 3)))))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $i) (global.get $points))))
  (local.get $highest))

(func $report (param $window i32) (param $level f64) (param $threshold f64)
  (local $alarm i32) (local $peak f64) (local $knock i32)
  (local.set $alarm (f64.gt (local.get $level) (local.get $threshold)))
  (local.set $peak (call $peak))
  (local.set $knock (f64.gt (local.get $peak) (f64.mul (local.get $level) (f64.const 2.8284271247461903))))
  (call $text (i32.const 1536) (i32.const 15))
  (call $number (local.get $window))
  (call $text (i32.const 1552) (i32.const 7))
  (call $fixed (local.get $level))
  (call $text (i32.const 1560) (i32.const 6))
  (call $fixed (local.get $peak))
  (if (local.get $alarm)
    (then (call $text (i32.const 1600) (i32.const 13)))
    (else
      (if (local.get $knock)
        (then (call $text (i32.const 1584) (i32.const 12)))
        (else (call $text (i32.const 1568) (i32.const 10))))))
  (call $write (i32.const 1))
  (if (local.get $alarm)
    (then
      (call $text (i32.const 1616) (i32.const 12))
      (call $fixed (local.get $level))
      (call $text (i32.const 1632) (i32.const 15))
      (call $fixed (local.get $threshold))
      (call $put (i32.const 10))
      (call $write (i32.const 2))))
  (if (local.get $knock)
    (then
      (call $text (i32.const 1648) (i32.const 11))
      (call $fixed (local.get $peak))
      (call $text (i32.const 1664) (i32.const 16))
      (call $number (local.get $window))
      (call $put (i32.const 10))
      (call $write (i32.const 2)))))
