# gnuplot linux-tcp-late.gp writes linux-tcp-late.png
set terminal pngcairo noenhanced size 1350,1083 font 'DejaVu Sans,8' fontscale 1.5 linewidth 1.5 pointscale 1.5 background rgb '#ffffff'
set output 'linux-tcp-late.png'
set encoding utf8
set border 3 lc rgb '#444444'
set tics nomirror out scale 0.5 tc rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 0.7
set pointintervalbox 0
unset key
$column0 << EOD
0 "0.5 %" 0.4611 -0.0389 0.9611 0.466667 1.37222 0 -0.5 0.5 0 0.0166667 0 -0.5 0.5 0 0
1 "2 %" 2.37777 1.74394 3.0116 2.45556 6.32222 0.0555667 -0.444433 0.555567 0.116667 0.505556 0.0166667 -0.483333 0.516667 0.05 0.105556
2 "10 %" 24.0945 17.3786 30.8103 25.7278 27.15 12.6167 5.15924 20.0741 14.4444 8.67778 8.13333 1.29851 14.9682 10.0722 3.07778
3 "two-way > 2 %" 2.175 0.163608 4.18639 2.29167 6.34167 0 -0.5 0.5 0.0333333 0.458333 0 -0.5 0.5 0.00833333 0.05
4 "two-way < 2 %" 2.175 1.675 2.675 2.11667 5.93333 0.09165 -1.07287 1.25617 0 0.366667 0.05 -0.58531 0.68531 0 0.0333333
5 "two-way > 10 %" 17.6084 -2.19236 37.4091 17.375 26.7417 6.49165 -13.7322 26.7155 6.29167 7.79167 3.8833 -14.5407 22.3073 3.80833 2.13333
6 "two-way < 10 %" 20.875 -25.6081 67.3581 18.4167 27.6417 10.3583 -45.0197 65.7364 7.04167 8.26667 8.20835 -43.781 60.1977 4.225 2.34167
EOD
$column1 << EOD
0 "0.5 %" 0.933333 0.205547 1.66112 0.95 1.78889 0 -0.5 0.5 0 0.461111 0 -0.5 0.5 0 0
1 "1 %" 1.98333 1.48333 2.48333 2.01667 3.62778 0.0555667 -0.444433 0.555567 0.0277778 0.966667 0 -0.5 0.5 0 0.0111111
2 "5 %" 15.0833 9.63516 20.5314 14.7 16.6944 4.09997 0.291181 7.90875 3.31667 5.93333 2.1167 -0.691035 4.92444 1.42778 0.811111
3 "10 %" 37.4834 32.0688 42.8979 38.7889 29.95 18.7556 11.6613 25.8499 19.7944 13.95 12.1389 4.68945 19.5884 12.3278 3.95556
4 "two-way > 1 %" 1.9583 0.370024 3.54658 1.95833 3.59167 0.05 -0.45 0.55 0.025 0.966667 0 -0.5 0.5 0 0.025
5 "two-way < 1 %" 2.075 0.486724 3.66328 2.06667 3.75 0.05835 -0.683057 0.799757 0.0333333 1.00833 0 -0.5 0.5 0 0.025
6 "two-way > 5 %" 13.2416 8.68838 17.7949 13 16.5083 1.925 0.336724 3.51328 1.89167 5.80833 0.3167 -2.85985 3.49325 0.475 0.716667
7 "two-way < 5 %" 12.575 1.66926 23.4807 12.8833 16.4333 1.10835 -1.9621 4.1788 1.80833 5.70833 0.01665 -0.48335 0.51665 0.408333 0.675
8 "two-way > 10 %" 30.575 2.939 58.211 31.7917 29.1333 9.51665 -21.8251 40.8584 11.0833 13 3.6417 -19.5471 26.8305 4.9 3.05833
9 "two-way < 10 %" 33.775 24.9861 42.5639 34.7083 31.65 12.5 -2.11214 27.1121 13 14.9583 6.325 -6.27574 18.9257 6.175 4.05833
10 "no RACK 1 %" 4.7 4.2 5.2 4.86667 NaN 1.65 1.15 2.15 1.76667 NaN 0.3167 -0.1833 0.8167 0.383333 NaN
11 "no RACK 5 %" 30.9667 27.87 34.0634 30.65 NaN 18.3667 16.53 20.2034 17.5 NaN 8.8167 7.93503 9.69837 8.05 NaN
12 "bbr 1 %" 2.0333 1.5333 2.5333 2.01667 NaN 0.05 -0.45 0.55 0.0166667 NaN 0 -0.5 0.5 0 NaN
13 "bbr 5 %" 12.05 10.845 13.255 12.2 NaN 1.4833 0.9833 1.9833 1.26667 NaN 0.1667 -0.3333 0.6667 0.166667 NaN
14 "reno 1 %" 2 1.1525 2.8475 2.01667 NaN 0.09165 -0.40835 0.59165 0.0333333 NaN 0.00835 -0.49165 0.50835 0 NaN
15 "reno 5 %" 13.05 -1.34994 27.4499 13.4583 NaN 2.9333 -5.32573 11.1923 2.91667 NaN 1.24165 -4.37005 6.85335 1.21667 NaN
16 "ge 2 %" 22.4667 10.6657 34.2676 33.3 15.1556 20.0833 8.12402 32.0426 31.5389 13.3056 18.8722 7.55304 30.1914 30.6444 11.25
17 "getime 2 %" 4.3611 0.73227 7.98993 4.60556 5.66667 2 -0.615484 4.61548 2.18889 3.87222 0.816667 -0.894438 2.52777 1.03333 1.7
EOD
$column2 << EOD
0 "0.5 %" 2.6778 0.397117 4.95848 2.62222 3.13889 0.955533 0.190665 1.7204 0.944444 1.79444 0.0166667 -0.483333 0.516667 0 0.0166667
1 "2 %" 12.8333 8.48251 17.1841 12.9722 13.0111 4.38333 3.28096 5.48571 4.62778 7.51667 0.0555667 -0.444433 0.555567 0.188889 0.394444
2 "10 %" 58.6222 52.76 64.4845 59.6444 51.4278 35.6889 23.5579 47.8199 36.6944 37.2056 18.8445 3.56643 34.1225 19.2722 17.3444
3 "two-way > 2 %" 13.1416 -5.81156 32.0949 13.1 13.3833 4.75835 1.6879 7.8288 4.8 7.89167 0.08335 -0.763519 0.930219 0.2 0.45
4 "two-way < 2 %" 12.4417 2.59439 22.289 11.975 12.5333 4.475 3.975 4.975 4.4 7.35833 0.175 -0.777965 1.12797 0.15 0.358333
5 "two-way > 10 %" 53.8167 34.9689 72.6644 53.525 47.8167 28.8 -8.47111 66.0711 28.1083 33.0667 10.6334 -30.8734 52.1401 9.76667 11.9417
6 "two-way < 10 %" 54.2084 48.7875 59.6292 54.925 49.3 27.575 21.9627 33.1873 29.7083 34.55 8.09165 -1.96722 18.1505 11.05 12.9917
EOD
$column3 << EOD
0 "0.5 %" 5.6889 0.723983 10.6538 5.57778 11.8 3.68887 0.75474 6.62299 3.6 9.79444 1.40557 0.221824 2.58931 1.37222 7.33889
1 "1 %" 11.3667 10.23 12.5033 11.8444 34.5056 6.80557 6.12501 7.48612 7.03889 31.9722 2.65 2.15 3.15 2.73333 28.9778
2 "5 %" 57.9889 46.4837 69.4941 58.6667 86.8667 35.0445 25.7193 44.3696 35.55 84.0333 14.7889 9.69763 19.8802 15.4889 79.2944
3 "10 %" 80.6889 72.62 88.7578 83.0444 91.3389 62.7778 56.1168 69.4387 66.8611 87.5278 39.2222 33.7596 44.6849 45.4111 80.5056
4 "two-way > 1 %" 11.8917 4.16183 19.6215 11.9 11.6 6.725 5.98423 7.46577 7.025 8.76667 2.575 2.04515 3.10485 2.70833 4.2
5 "two-way < 1 %" 11.6417 4.12402 19.1593 12.625 12.325 6.90835 0.449151 13.3675 7.375 9.3 2.65 0.108759 5.19124 2.85 4.51667
6 "two-way > 5 %" 52.625 47.3625 57.8875 52.725 52.0083 29.2083 26.2875 32.1292 29.3083 42.5833 12.1667 10.2608 14.0726 12.5917 27.5
7 "two-way < 5 %" 57.3417 44.9532 69.7302 56.2167 55.7417 32.275 14.804 49.746 32.1167 45.9083 12.4916 8.78589 16.1974 13.7667 30.2667
8 "two-way > 10 %" 78.9667 70.7077 87.2257 78.9833 84.0167 58.6834 35.6006 81.7661 59.0083 76.7 35.1584 -1.58355 71.9002 35.8417 63.2917
9 "two-way < 10 %" 77.675 69.9075 85.4425 79.8 84.5833 56.775 49.4689 64.0811 60.3333 77.5 33.6167 30.255 36.9783 37.1917 64.275
10 "no RACK 1 %" 12.5333 11.28 13.7866 14.1833 NaN 8.4167 7.57503 9.25837 9.2 NaN 4 3.5 4.5 4.36667 NaN
11 "no RACK 5 %" 61.75 55.575 67.925 62.8 NaN 41.7667 37.59 45.9434 43.1667 NaN 24.1167 21.705 26.5284 24.7 NaN
12 "bbr 1 %" 11.4667 10.32 12.6134 11.4833 NaN 7.9833 7.18497 8.78163 8.08333 NaN 2.8333 2.3333 3.3333 2.91667 NaN
13 "bbr 5 %" 44.0333 39.63 48.4366 46.2333 NaN 34.3167 30.885 37.7484 36.3667 NaN 14.9667 13.47 16.4634 17.0667 NaN
14 "reno 1 %" 12.9583 11.6625 14.2542 13.3333 NaN 6.53335 5.68648 7.38022 6.84167 NaN 2.51665 2.01665 3.01665 2.6 NaN
15 "reno 5 %" 54.4166 29.8511 78.9822 55.0167 NaN 33.3083 7.36673 59.25 33.65 NaN 14.7834 -2.58158 32.1483 14.8917 NaN
16 "ge 2 %" 11.2778 9.50462 13.051 10.4833 79.1778 7.21667 5.75167 8.68166 6.96111 78.5944 3.54443 2.18365 4.90522 3.7 77.8111
17 "getime 2 %" 9.02777 0.948282 17.1073 9.71667 77.4167 5.88333 0.963698 10.803 6.50556 76.7667 2.94443 0.330757 5.55811 3.47778 75.7333
EOD
set multiplot
set label 1 "Share of packets that come late" at screen 0.0167,0.9723 font 'DejaVu Sans:Bold,10'
set label 2 'grey: measured, with what is allowed (the bar, or the 95 % interval over seeds)' at screen 0.0244,0.9391 tc rgb '#666666' point pt 7 ps 0.6 lc rgb '#888888' offset 1,0
set label 3 'callflow' at screen 0.0244,0.9114 tc rgb '#0072B2' point pt 9 ps 0.75 lc rgb '#0072B2' offset 1,0
set label 4 'ns-3 3.37' at screen 0.1356,0.9114 tc rgb '#D55E00' point pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00' offset 1,0
set lmargin at screen 0.0778
set rmargin at screen 0.1964
set tmargin at screen 0.8726
set bmargin at screen 0.6731
set xrange [-0.7:6.7]
unset logscale y
set yrange [0:98.646]
set ylabel "over 40 ms (%)"
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
set yrange [0:98.646]
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
set yrange [0:98.646]
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
set yrange [0:98.646]
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
unset logscale y
set yrange [0:94.53]
set ylabel "over 100 ms (%)"
set format y '%g'
unset title
set xtics format ''
plot $column0 using 1:8:9:10:xtic('') with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:8 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):11 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):12 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.6371
set bmargin at screen 0.4377
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:94.53]
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
unset logscale y
set yrange [0:94.53]
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
unset logscale y
set yrange [0:94.53]
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
unset logscale y
set yrange [0:86.946]
set ylabel "over 200 ms (%)"
set format y '%g'
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column0 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column0 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column0 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column0 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
set lmargin at screen 0.2119
set rmargin at screen 0.5150
set tmargin at screen 0.4017
set bmargin at screen 0.2022
set xrange [-0.7:17.7]
unset logscale y
set yrange [0:86.946]
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
unset logscale y
set yrange [0:86.946]
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
unset logscale y
set yrange [0:86.946]
unset ylabel
set format y ''
unset title
set xtics rotate by 90 right font 'DejaVu Sans,7'
plot $column3 using 1:13:14:15:xtic(2) with yerrorbars pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb', $column3 using 1:13 with points pt 7 ps 0.5 lc rgb '#666666', $column3 using ($1):16 with points pt 9 ps 0.75 lc rgb '#0072B2', $column3 using ($1+0.25):17 with points pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'
unset multiplot
