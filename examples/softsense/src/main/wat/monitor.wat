;; SPDX-License-Identifier: Apache-2.0
;; What both versions share: settings from variables, the vibration signal, numbers as text, lines, waiting.
;; A version's own file follows this one in the same module and defines `$report`.
;;
;; Memory:      0 one buffer for fd_write    64 a subscription, 128 its event    1024 texts    2048 the line
;;           3072 the points of one window (f64)    4096 pointers to variables    8192 variables

(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
(import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))

(memory (export "memory") 2 2)

(data (i32.const 1024) "THRESHOLD=")
(data (i32.const 1040) "SAMPLE_INTERVAL_MS=")
(data (i32.const 1072) "THRESHOLD is not a number above 0\n")
(data (i32.const 1120) "SAMPLE_INTERVAL_MS is not a number from 1 to 3600000\n")
(data (i32.const 1184) "the device's variables are too many\n")
(data (i32.const 1232) "this device does not let the monitor wait\n")

(global $length (mut i32) (i32.const 0))
(global $noise (mut i32) (i32.const 20260101))
(global $points i32 (i32.const 80))

;; ---- lines ----

(func $put (param $char i32)
  (if (i32.lt_u (global.get $length) (i32.const 1000))
    (then
      (i32.store8 (i32.add (i32.const 2048) (global.get $length)) (local.get $char))
      (global.set $length (i32.add (global.get $length) (i32.const 1))))))

(func $text (param $at i32) (param $size i32)
  (local $i i32)
  (block $done
    (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $size)))
      (call $put (i32.load8_u (i32.add (local.get $at) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next))))

(func $number (param $value i32)
  (if (i32.ge_u (local.get $value) (i32.const 10))
    (then (call $number (i32.div_u (local.get $value) (i32.const 10)))))
  (call $put (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10)))))

;; With two decimals, rounded.
(func $fixed (param $value f64)
  (local $hundredths i32)
  (local.set $hundredths (i32.trunc_sat_f64_u (f64.nearest (f64.mul (local.get $value) (f64.const 100)))))
  (call $number (i32.div_u (local.get $hundredths) (i32.const 100)))
  (call $put (i32.const 46))
  (call $put (i32.add (i32.const 48) (i32.rem_u (i32.div_u (local.get $hundredths) (i32.const 10)) (i32.const 10))))
  (call $put (i32.add (i32.const 48) (i32.rem_u (local.get $hundredths) (i32.const 10)))))

;; Writes the line that was put together: 1 is standard output, 2 standard error.
(func $write (param $stream i32)
  (i32.store (i32.const 0) (i32.const 2048))
  (i32.store (i32.const 4) (global.get $length))
  (drop (call $fd_write (local.get $stream) (i32.const 0) (i32.const 1) (i32.const 8)))
  (global.set $length (i32.const 0)))

(func $fail (param $at i32) (param $size i32)
  (call $text (local.get $at) (local.get $size))
  (call $write (i32.const 2))
  (call $proc_exit (i32.const 2)))

;; ---- settings ----

;; Where the value of a variable begins, given `NAME=`; 0 when there is none.
(func $variable (param $name i32) (param $size i32) (param $count i32) (result i32)
  (local $i i32) (local $j i32) (local $entry i32)
  (block $absent
    (loop $next
      (br_if $absent (i32.ge_u (local.get $i) (local.get $count)))
      (local.set $entry (i32.load (i32.add (i32.const 4096) (i32.shl (local.get $i) (i32.const 2)))))
      (local.set $j (i32.const 0))
      (block $differs
        (loop $compare
          (if (i32.eq (local.get $j) (local.get $size))
            (then (return (i32.add (local.get $entry) (local.get $size)))))
          (br_if $differs
            (i32.ne
              (i32.load8_u (i32.add (local.get $entry) (local.get $j)))
              (i32.load8_u (i32.add (local.get $name) (local.get $j)))))
          (local.set $j (i32.add (local.get $j) (i32.const 1)))
          (br $compare)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
  (i32.const 0))

;; A decimal number such as 4.5, ended by NUL; -1 when it is none.
(func $decimal (param $at i32) (result f64)
  (local $value f64) (local $scale f64) (local $char i32) (local $digits i32)
  (local.set $scale (f64.const 0))
  (block $bad
    (loop $next
      (local.set $char (i32.load8_u (local.get $at)))
      (if (i32.eqz (local.get $char))
        (then
          (br_if $bad (i32.eqz (local.get $digits)))
          (return
            (select
              (local.get $value)
              (f64.div (local.get $value) (local.get $scale))
              (f64.eq (local.get $scale) (f64.const 0))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $char) (i32.const 46))
        (then
          (br_if $bad (f64.ne (local.get $scale) (f64.const 0)))
          (local.set $scale (f64.const 1))
          (br $next)))
      (local.set $char (i32.sub (local.get $char) (i32.const 48)))
      (br_if $bad (i32.gt_u (local.get $char) (i32.const 9)))
      (br_if $bad (i32.gt_u (local.get $digits) (i32.const 15)))
      (local.set $digits (i32.add (local.get $digits) (i32.const 1)))
      (local.set $value
        (f64.add (f64.mul (local.get $value) (f64.const 10)) (f64.convert_i32_u (local.get $char))))
      (local.set $scale (f64.mul (local.get $scale) (f64.const 10)))
      (br $next)))
  (f64.const -1))

(func $setting (param $name i32) (param $size i32) (param $count i32) (param $otherwise f64) (result f64)
  (local $at i32)
  (local.set $at (call $variable (local.get $name) (local.get $size) (local.get $count)))
  (if (i32.eqz (local.get $at)) (then (return (local.get $otherwise))))
  (call $decimal (local.get $at)))

;; ---- the machine ----

;; Every window holds two turns of a machine at 25 Hz, taken 1000 times a second, in mm/s. Its amplitude rises and falls
;; again within 24 windows as a bearing warms up; each fifth window has one knock. Noise comes from a fixed beginning,
;; so equal runs give equal readings.
(func $take (param $window i32)
  (local $amplitude f64) (local $wear i32) (local $a f64) (local $b f64) (local $c f64) (local $i i32)
  (local.set $wear (i32.rem_u (local.get $window) (i32.const 24)))
  (if (i32.gt_u (local.get $wear) (i32.const 12))
    (then (local.set $wear (i32.sub (i32.const 24) (local.get $wear)))))
  (local.set $amplitude
    (f64.add (f64.const 3) (f64.div (f64.convert_i32_u (local.get $wear)) (f64.const 3))))
  (local.set $b (f64.const 0.15643446504023087))
  (loop $next
    (global.set $noise (i32.add (i32.mul (global.get $noise) (i32.const 1664525)) (i32.const 1013904223)))
    (f64.store
      (i32.add (i32.const 3072) (i32.shl (local.get $i) (i32.const 3)))
      (f64.add
        (f64.mul (local.get $amplitude) (local.get $a))
        (f64.mul
          (f64.sub
            (f64.div (f64.convert_i32_u (i32.shr_u (global.get $noise) (i32.const 16))) (f64.const 65535))
            (f64.const 0.5))
          (f64.const 0.6))))
    (local.set $c (f64.sub (f64.mul (f64.const 1.9753766811902755) (local.get $b)) (local.get $a)))
    (local.set $a (local.get $b))
    (local.set $b (local.get $c))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $i) (global.get $points))))
  (if (i32.eq (i32.rem_u (local.get $window) (i32.const 5)) (i32.const 4))
    (then (f64.store (i32.const 3392) (f64.add (f64.load (i32.const 3392)) (f64.const 14))))))

(func $rms (result f64)
  (local $sum f64) (local $point f64) (local $i i32)
  (loop $next
    (local.set $point (f64.load (i32.add (i32.const 3072) (i32.shl (local.get $i) (i32.const 3)))))
    (local.set $sum (f64.add (local.get $sum) (f64.mul (local.get $point) (local.get $point))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $i) (global.get $points))))
  (f64.sqrt (f64.div (local.get $sum) (f64.convert_i32_u (global.get $points)))))

;; ---- the life of the monitor ----

(func $wait (param $milliseconds i64)
  (i64.store (i32.const 64) (i64.const 0))
  (i64.store (i32.const 72) (i64.const 0))
  (i64.store (i32.const 80) (i64.const 1))
  (i64.store (i32.const 88) (i64.mul (local.get $milliseconds) (i64.const 1000000)))
  (i64.store (i32.const 96) (i64.const 1000000))
  (i64.store (i32.const 104) (i64.const 0))
  (if (call $poll_oneoff (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 192))
    (then (call $fail (i32.const 1232) (i32.const 42)))))

(func (export "_start")
  (local $count i32) (local $threshold f64) (local $interval f64) (local $window i32)
  (drop (call $environ_sizes_get (i32.const 16) (i32.const 20)))
  (local.set $count (i32.load (i32.const 16)))
  (if (i32.or
        (i32.gt_u (local.get $count) (i32.const 1024))
        (i32.gt_u (i32.load (i32.const 20)) (i32.const 122880)))
    (then (call $fail (i32.const 1184) (i32.const 36))))
  (drop (call $environ_get (i32.const 4096) (i32.const 8192)))
  (local.set $threshold (call $setting (i32.const 1024) (i32.const 10) (local.get $count) (f64.const 4.5)))
  (if (f64.le (local.get $threshold) (f64.const 0))
    (then (call $fail (i32.const 1072) (i32.const 34))))
  (local.set $interval (call $setting (i32.const 1040) (i32.const 19) (local.get $count) (f64.const 1000)))
  (if (i32.or (f64.lt (local.get $interval) (f64.const 1)) (f64.gt (local.get $interval) (f64.const 3600000)))
    (then (call $fail (i32.const 1120) (i32.const 53))))
  (loop $again
    (call $take (local.get $window))
    (call $report (local.get $window) (call $rms) (local.get $threshold))
    (local.set $window (i32.add (local.get $window) (i32.const 1)))
    (call $wait (i64.trunc_sat_f64_u (local.get $interval)))
    (br $again)))
