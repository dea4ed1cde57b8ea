# gnuplot linux-tcp-stalls.gp writes linux-tcp-stalls.png
set terminal pngcairo noenhanced size 1350,1083 font 'DejaVu Sans,8' fontscale 1.5 linewidth 1.5 pointscale 1.5 background rgb '#ffffff'
set output 'linux-tcp-stalls.png'
set encoding utf8
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.5 tc rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 0.7
set pointintervalbox 0
unset key
$column0 << EOD
0 "0.5 %" 13.6667 3.5506 23.7827 13.6667 13.5 40.1 35.1 45.1 40.098 80.098 40.11 35.11 45.11 40.098 80.098
1 "2 %" 62.6767 46.5139 78.8395 61.8333 58.1667 40.09 35.09 45.09 40.098 80.098 46.7633 18.1579 75.3688 46.7647 93.4313
2 "10 %" 192.863 173.577 212.15 190.167 178.167 40.1 35.1 45.1 40.098 80.098 252.687 227.191 278.183 240.224 146.765
3 "two-way > 2 %" 64.01 -24.9334 152.953 64.75 58.75 40.11 35.11 45.11 40.098 80.098 45.115 2.25575 108.074 40.098 90.098
4 "two-way < 2 %" 59.01 20.8914 97.1286 60.75 55.25 40.11 35.11 45.11 40.098 80.098 40.165 35.165 45.165 40.098 90.098
5 "two-way > 10 %" 241.54 158.95 324.13 238.75 181.25 40.12 35.12 45.12 40.098 80.098 80.16 72.144 88.176 80.143 160.098
6 "two-way < 10 %" 229.035 -50.565 508.635 241.75 184.25 40.12 35.12 45.12 40.098 80.098 80.145 72.1305 88.1595 80.8131 165.087
EOD
$column1 << EOD
0 "0.5 %" 20.1667 -0.330606 40.6639 19.1667 13.3333 70.09 63.081 77.099 70.098 110.098 70.0967 63.087 77.1063 70.098 110.098
1 "1 %" 40.8433 36.1409 45.5457 41.3333 26.6667 70.09 63.081 77.099 70.098 110.098 70.1133 63.102 77.1247 70.098 110.098
2 "5 %" 191.197 169.888 212.506 198.667 107.333 70.0833 63.075 77.0917 70.098 110.098 92.8833 81.2518 104.515 90.6147 130.098
3 "10 %" 250.707 225.636 275.777 247.833 156.667 70.08 63.072 77.088 70.098 110.098 164.593 123.92 205.267 176.571 176.765
4 "two-way > 1 %" 47.76 6.46483 89.0552 48.5 26.25 70.055 63.0495 77.0605 70.098 110.098 70.16 63.144 77.176 70.098 110.098
5 "two-way < 1 %" 49.26 33.3772 65.1428 51.25 27.5 70.07 63.063 77.077 70.098 110.098 70.165 63.1485 77.1815 70.098 110.098
6 "two-way > 5 %" 249.79 224.811 274.769 247.75 106.5 25.09 20.09 30.09 25.0755 110.098 90.105 81.0945 99.1155 90.098 130.098
7 "two-way < 5 %" 257.54 105.066 410.014 249.75 106.25 25.09 20.09 30.09 25.0755 110.098 90.095 81.0855 99.1045 90.098 130.098
8 "two-way > 10 %" 330.555 57.3081 603.802 323 157.5 30.225 25.225 35.225 30.143 110.098 122.465 86.1888 158.741 122.803 180.098
9 "two-way < 10 %" 331.555 255.254 407.856 316 162 30.15 25.15 35.15 30.188 110.098 122.625 90.796 154.454 132.043 215.076
10 "no RACK 1 %" 43.01 38.709 47.311 44.5 NaN 110.1 99.09 121.11 110.098 NaN 110.12 99.108 121.132 120.143 NaN
11 "no RACK 5 %" 180.53 162.477 198.583 185.5 NaN 31.29 26.29 36.29 41.333 NaN 252.89 227.601 278.179 210.278 NaN
12 "bbr 1 %" 27.5 24.75 30.25 27.5 NaN 70.09 63.081 77.099 70.098 NaN 70.11 63.099 77.121 70.098 NaN
13 "bbr 5 %" 116.52 104.868 128.172 116 NaN 70.09 63.081 77.099 70.098 NaN 110.09 99.081 121.099 106.278 NaN
14 "reno 1 %" 50.51 12.3914 88.6286 52.25 NaN 70.085 63.0765 77.0935 70.098 NaN 70.11 63.099 77.121 70.098 NaN
15 "reno 5 %" 192.28 131.926 252.634 193.25 NaN 70.08 63.072 77.088 70.098 NaN 90.145 81.1305 99.1595 90.143 NaN
16 "ge 2 %" 30.67 23.378 37.962 21.6667 18.6667 80.2567 58.267 102.246 81.5641 130.098 542.49 27.1245 1452.68 1006.35 266.84
17 "getime 2 %" 29.3367 13.7924 44.8809 30.5 17.5 73.1133 60.1265 86.1002 81.2879 143.431 241.42 131.395 351.445 236.11 296.825
EOD
$column2 << EOD
0 "0.5 %" 33.1733 -4.21191 70.5586 30.8333 26 70.2033 3.51017 194.973 70.2615 160.098 130.317 117.285 143.348 130.195 160.098
1 "2 %" 175.697 92.4505 258.943 174.167 97.5 41.2 36.2 46.2 41.198 160.098 130.587 117.528 143.645 130.326 160.098
2 "10 %" 294.38 227.694 361.066 292 190.5 59.0467 53.142 64.9513 59.9839 160.098 190.58 171.522 209.638 209.257 253.461
3 "two-way > 2 %" 214.535 -71.4181 500.488 209.25 97.5 30.145 25.145 35.145 30.098 160.098 129.755 113.173 146.337 130.202 160.098
4 "two-way < 2 %" 201.035 -46.7995 448.87 196.25 93.25 30.14 25.14 35.14 30.0755 160.098 129.755 113.173 146.337 130.261 160.098
5 "two-way > 10 %" 317.3 263.299 371.301 312.5 197.75 60.115 54.1035 66.1265 60.098 160.098 190.095 171.085 209.105 195.936 260.166
6 "two-way < 10 %" 319.3 182.708 455.892 301.5 196 60.155 54.1395 66.1705 60.143 160.098 197.215 148.233 246.197 200.098 270.143
EOD
$column3 << EOD
0 "0.5 %" 49.34 -5.52721 104.207 51.5 22.5 40.89 35.89 45.89 41.198 260.098 254.673 229.206 280.141 254.195 260.098
1 "1 %" 131.353 118.218 144.489 134.5 33.6667 40.6667 35.6667 45.6667 40.8763 260.098 253.78 228.402 279.158 254.195 266.765
2 "5 %" 292.383 205.937 378.829 283 28.3333 81.3067 33.3868 129.226 81.513 260.098 264.01 236.039 291.981 269.674 485.094
3 "10 %" 136.187 105.401 166.972 120.667 32.1667 144.7 122.654 166.746 146.562 280.113 428.623 334.556 522.69 487.353 1192.16
4 "two-way > 1 %" 158.53 44.1742 272.886 155 45.25 40.06 35.06 45.06 30.6593 260.098 255.225 229.702 280.748 254.188 260.098
5 "two-way < 1 %" 146.275 60.4446 232.105 162.5 47.5 40.03 35.03 45.03 30.6705 260.098 255.25 229.725 280.775 254.188 260.098
6 "two-way > 5 %" 398.815 274.866 522.764 384.5 100 50.7 2.535 169.757 50.8167 260.098 254.985 229.487 280.483 254.973 402.95
7 "two-way < 5 %" 367.815 91.3915 644.238 370 100.5 60.125 54.1125 66.1375 57.8787 260.098 254.99 226.147 283.833 256.405 420.166
8 "two-way > 10 %" 188.53 -33.8286 410.889 175 61.75 118.19 94.0482 142.332 109.174 270.098 389.625 269.742 509.508 389.161 726.597
9 "two-way < 10 %" 201.03 99.3804 302.68 166.75 59.75 100.235 90.2115 110.258 110.475 270.121 370.285 241.508 499.062 400.143 770.042
10 "no RACK 1 %" 132.02 118.818 145.222 136 NaN 41.16 36.16 46.16 41.198 NaN 260.12 234.108 286.132 260.098 NaN
11 "no RACK 5 %" 261.54 235.386 287.694 251 NaN 81.66 73.494 89.826 82.748 NaN 302.75 272.475 333.025 340.278 NaN
12 "bbr 1 %" 33.01 29.709 36.311 34.5 NaN 255.17 229.653 280.687 254.088 NaN 259.15 233.235 285.065 254.278 NaN
13 "bbr 5 %" 92.02 82.818 101.222 84 NaN 254.11 228.699 279.521 254.088 NaN 260.42 234.378 286.462 360.143 NaN
14 "reno 1 %" 225.79 203.211 248.369 226 NaN 21.595 16.595 26.595 22.3655 NaN 102.51 92.259 112.761 130.766 NaN
15 "reno 5 %" 295.05 34.5728 555.527 289 NaN 61.17 51.7674 70.5726 66.0545 NaN 257.74 231.966 283.514 259.657 NaN
16 "ge 2 %" 93.85 82.3619 105.338 72.8333 7.16667 41.1867 36.1867 46.1867 41.243 266.765 260.137 234.123 286.15 260.113 55182
17 "getime 2 %" 63.8467 -11.9474 139.641 63.3333 7 41.75 36.75 46.75 47.3297 266.765 280.123 230.49 329.756 280.098 19618.2
EOD
set multiplot
set label 1 "Stalls: how often, and how long" at screen 0.0167,0.9723 font 'DejaVu Sans:Bold,10'
set label 2 'grey: measured, with what is allowed (the bar, or the 95 % interval over seeds)' at screen 0.0244,0.9391 tc rgb '#666666' point pt 7 ps 0.6 lc rgb '#888888' offset 1,0
set label 3 'callflow' at screen 0.0244,0.9114 tc rgb '#0072B2' point pt 9 ps 0.75 lc rgb '#0072B2' offset 1,0
set label 4 'ns-3 3.37' at screen 0.1356,0.9114 tc rgb '#D55E00' point pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00' offset 1,0
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:430.72]
set ylabel "a minute"
set format y '%g'
set title "round trip 20 ms" offset 0,-0.5
set xtics format ''
plot $column0 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset label 1
unset label 2
unset label 3
unset label 4
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:430.72]
unset ylabel
set format y ''
set title "round trip 50 ms" offset 0,-0.5
set xtics format ''
plot $column1 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column1 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column1 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column1 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.5306
set rmargin at screen 0.6492
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:430.72]
unset ylabel
set format y ''
set title "round trip 100 ms" offset 0,-0.5
set xtics format ''
plot $column2 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column2 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column2 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column2 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.6647
set rmargin at screen 0.9678
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:430.72]
unset ylabel
set format y ''
set title "round trip 200 ms" offset 0,-0.5
set xtics format ''
plot $column3 using 1:3:4:5:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:3 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):6 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):7 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:6.7]
set logscale y
set yrange [15.1165:392.158]
set ylabel "p50 (ms)"
set format y '%g'
unset title
set xtics format ''
plot $column0 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:17.7]
set logscale y
set yrange [15.1165:392.158]
unset ylabel
set format y ''
unset title
set xtics format ''
plot $column1 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column1 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column1 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column1 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.5306
set rmargin at screen 0.6492
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:6.7]
set logscale y
set yrange [15.1165:392.158]
unset ylabel
set format y ''
unset title
set xtics format ''
plot $column2 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column2 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column2 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column2 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.6647
set rmargin at screen 0.9678
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:17.7]
set logscale y
set yrange [15.1165:392.158]
unset ylabel
set format y ''
unset title
set xtics format ''
plot $column3 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:6.7]
set logscale y
set yrange [28.0686:77254.8]
set ylabel "p90 (ms)"
set format y '%g'
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column0 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:17.7]
set logscale y
set yrange [28.0686:77254.8]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column1 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column1 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column1 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column1 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.5306
set rmargin at screen 0.6492
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:6.7]
set logscale y
set yrange [28.0686:77254.8]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column2 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column2 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column2 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column2 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.6647
set rmargin at screen 0.9678
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:17.7]
set logscale y
set yrange [28.0686:77254.8]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column3 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset multiplot
