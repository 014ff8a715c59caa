"""A shop small enough to be segmented by hand.

As of 2026-01-31 (UTC) with the model MODEL:

contact  purchases              last        recency  f  monetary
ann      2026-01-30, 2026-01-10 2026-01-30  1        2  100.00 + 20.50 = 120.50
bob      2025-12-22 (2 lines)   2025-12-22  40       1  30.00 + 5.25 = 35.25, return -5.25 = 30.00
"c,d"    2025-06-01             2025-06-01  244      1  9.99
eve      none, one return                            0  -3.00
zoe      2026-02-01: after as_of, so she is not there yet

Tiers by fixed bounds: recency <= 7 -> 3, <= 90 -> 2, else 1; frequency 1 -> 1, 2 or more -> 2;
monetary below 30.00 -> 1, from 30.00 -> 2, from 100.00 -> 3.
"""

ORDERS = """\
contact,time,order,amount
ann,2026-01-30T09:00:00,o1,100.00
ann,2026-01-10T23:59:59,o2,20.5
bob,2025-12-22,o3,30
bob,2025-12-23,o3,5.25
bob,2026-01-02,o4,-5.25
"c,d",2025-06-01 12:00,o5,9.99
eve,2026-01-05,o6,-3
zoe,2026-02-01T00:00:00,o7,50
,2026-01-05,o8,12
"""

MODEL = """\
name: tiny
tiers:
  recency: {fixed: {short: "<= 7", medium: "<= 90", long: any}}
  frequency: {fixed: [1, 2]}
  monetary: {fixed: {high: ">= 100", middle: ">= 30", low: any}}
classes:
  - best: {r: 3, f: 2, m: 3}
  - steady: {r: [2, 3]}
  - never_reached: {r: 1, f: 1, m: 3, recency_days: "<= 10"}
otherwise: rest
"""

AS_OF = "2026-01-31"

ROWS = """\
contact,recency_days,frequency,monetary,r,f,m,class
ann,1,2,120.50,3,2,3,best
bob,40,1,30.00,2,1,2,steady
"c,d",244,1,9.99,1,1,1,rest
eve,,0,-3.00,0,0,0,prospect
"""

SUMMARY = """\
class,contacts,share,revenue,recency_days,frequency,monetary
best,1,0.250000,120.50,1.000000,2.000000,120.500000
steady,1,0.250000,30.00,40.000000,1.000000,30.000000
never_reached,0,0.000000,0.00,,,
rest,1,0.250000,9.99,244.000000,1.000000,9.990000
prospect,1,0.250000,-3.00,,0.000000,-3.000000
lapsed,0,0.000000,0.00,,,
"""
