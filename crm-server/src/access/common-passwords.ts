/**
 * Parts that passwords are commonly built from, in lower case: the heads of every published list of leaked passwords
 * (keyboard walks, first names, favourite words), Chinese favourites by sound and by number, and the words of a hospital.
 */
export const commonParts: readonly string[] = [
  ...words(`
    password passwort passw0rd passwd pass secret letmein welcome login logon admin administrator root master superuser super user
    guest test demo default changeme change temp hello iloveyou love lovely sunshine princess dragon monkey football baseball
    basketball soccer hockey batman superman starwars pokemon shadow michael jordan jennifer thomas jessica ashley daniel
    andrew joshua matthew robert charlie george summer winter spring autumn flower cookie cheese coffee computer internet
    samsung google facebook trustno whatever freedom mustang harley ranger buster killer ginger pepper hunter silver golden
    orange purple yellow banana chocolate butterfly diamond friend family mother father sister brother angel jesus heaven
    happy lucky money forever nothing access ninja azerty correct horse battery staple company office server system security
    qwertyuiop asdfghjkl zxcvbnm qwerty asdfgh zxcvbn qwer asdf zxcv qazwsx wsxedc edcrfv qaz wsx edc rfv
    1qaz2wsx 3edc4rfv zaq1 xsw2 1q2w3e4r5t 1q2w3e4r 1q2w3e abcdef abc123 abcd aaa bbb xxx
  `),
  ...words(`
    123456789 987654321 12345 54321 1234 4321 123 321 000 111 222 333 444 555 666 777 888 999 112233 121212 123123 131313
    520 1314 5201314 521 woaini woaiwo aini aiwo wodemima mima nihao zhongguo beijing shanghai guangzhou shenzhen china
    chinese asdasd taobao alipay weixin wechat tencent baidu huawei xiaomi laopo laogong baobao baobei qinaide gongxi facai
    zhang wang chen liu yang huang zhao xiao
  `),
  ...words(`
    hospital clinic doctor nurse patient medical medicine health healthcare ward kiosk reception frontdesk desk surgery
    emergency outpatient inpatient pharmacy radiology pediatric dental yizhan his lis pacs emr
    yiyuan yisheng hushi huanzhe menzhen zhuyuan jizhen guahao qiantai keshi neike waike erke fuke yaofang jianyan renmin
    zhongyi xiehe renji huaxi tongji ruijin
    医院 医生 护士 患者 病人 门诊 住院 急诊 挂号 前台 导诊 科室 内科 外科 儿科 妇科 药房 检验 人民 中医 医站 密码 管理员 我爱你 你好 中国
  `),
]

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
