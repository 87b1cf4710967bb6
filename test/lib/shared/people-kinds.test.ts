import { tryKinds } from "./people-cases";

/**
 * Lists as people export, copy and type them, of each kind that was once read wrong, with neighbours that look alike and
 * were always right.
 */
tryKinds({
  "the last digits of a second number": [
    { in: "IN", text: "Ravi 90123 45678/79", people: ["919012345678 Ravi"], rejects: ["abbreviated"] },
    { in: "IN", text: "Shop: 92123 45678 / 79 / 80", people: ["919212345678 Shop"], rejects: ["abbreviated"] },
    { in: "IN", text: "8612345678-79", people: ["918612345678"], rejects: ["abbreviated"] },
    { in: "BR", text: "(21) 2345-6789/6790", people: ["552123456789"], rejects: ["abbreviated"] },
    { in: "BR", text: "(11) 3456-7890 / 3456-7891", people: ["551134567890"], rejects: ["abbreviated"] },
    { text: "+91 98123 45678/79", people: ["919812345678"], rejects: ["abbreviated"] },
    // Whatever is written after it, digits are not added to a number of another country.
    { in: "IN", text: "98912 34567 89", people: [], rejects: ["ambiguous"] },
    { text: "98123 45678/90", people: [], rejects: ["no-country"] },
    { in: "DE", text: "030/123456/57", people: [], rejects: ["ambiguous"] },
    // The same signs inside one number, and between two whole ones.
    { in: "DE", text: "0151/23456789", people: ["4915123456789"] },
    { in: "DE", text: "030 123456-78", people: ["493012345678"] },
    { in: "FR", text: "06-12-34-56-78", people: ["33612345678"] },
    { in: "IN", text: "98123 45678/98123 45679", people: ["919812345678", "919812345679"] },
    { in: "IN", text: "971 50 123 4567", people: ["971501234567"] },
  ],
  "headings of two words, and the words they share": [
    { text: "Tên,Số điện thoại,Quốc gia\nLan,0912345678,Vietnam", people: ["84912345678 Lan"] },
    // A price is no country.
    { text: "Tên,Số điện thoại,Giá\nLan,0912345678,84", people: [], rejects: ["no-country"] },
    { in: "BR", text: "Nome;CEP postal;Fone\nAna;11961234;11961234567", people: ["5511961234567 Ana"] },
    { in: "BR", text: "Nome;cep_postal\nAna;11961234567", people: [], rejects: ["not-a-number"] },
  ],
  "numbers of things in a table": [
    { in: "IN", text: "Order ID\n9876543210\n9876543299", people: [], rejects: ["not-a-number", "not-a-number"] },
    { in: "IN", text: "Policy Number,Name\n9876543210,Asha", people: [], rejects: ["not-a-number"] },
    { in: "IN", text: "Invoice No,Amount\n9876543210,8123456789", people: [], rejects: ["not-a-number"] },
    { in: "IN", text: "Customer ID,Tracking Number\n9876543210,8123456789", people: [], rejects: ["not-a-number"] },
    { in: "IN", text: "Registration No,Contact No\n9876543210,8123456789", people: ["918123456789"] },
    { in: "DE", text: "Sendungsnummer;Name\n015123456789;Max", people: [], rejects: ["not-a-number"] },
    { in: "BR", text: "Número de pedido,Cliente\n11961234567,Ana", people: [], rejects: ["not-a-number"] },
    { in: "RU", text: "Номер заказа;Имя\n89123456789;Иван", people: [], rejects: ["not-a-number"] },
    { in: "CN", text: "订单号,姓名\n13912345678,王芳", people: [], rejects: ["not-a-number"] },
    { in: "ID", text: "No Resi,Nama\n081234567890,Budi", people: [], rejects: ["not-a-number"] },
    // What only sounds like one.
    { in: "IN", text: "Book club group\n9876543210", people: ["919876543210"], rejects: ["not-a-number"] },
    { in: "IN", text: "Mobile No for registration,Name\n9876543210,Asha", people: ["919876543210 Asha"] },
    { in: "US", text: "Check-in phone,Name\n(415) 555-0132,Jo", people: ["14155550132 Jo"] },
    {
      in: "IN",
      text: '{"contacts":[{"wa_id":"919876543210","profile":{"name":"Asha"}}]}',
      people: ["919876543210 Asha"],
    },
  ],
  "numbers of things in a text": [
    { in: "IN", text: "Policy no. 9876543210", people: [], rejects: ["not-a-number"] },
    { in: "PL", text: "REGON 123456785", people: [], rejects: ["not-a-number"] },
    { in: "DE", text: "Auftragsnummer 0151 23456789", people: [], rejects: ["not-a-number"] },
    { in: "ID", text: "Nomor pesanan: 081234567890", people: [], rejects: ["not-a-number"] },
    { in: "CO", text: "Cédula: 3001234567", people: [], rejects: ["not-a-number"] },
    { in: "BR", text: "Pedido nº 11961234567", people: [], rejects: ["not-a-number"] },
    { in: "SA", text: "رقم الطلب 0501234567", people: [], rejects: ["not-a-number"] },
    { in: "CN", text: "订单号 13912345678", people: [], rejects: ["not-a-number"] },
    { in: "JP", text: "注文番号：09012345678", people: [], rejects: ["not-a-number"] },
    { in: "RU", text: "Заказ №89123456789", people: [], rejects: ["not-a-number"] },
    { in: "TR", text: "Sipariş no 05321234567", people: [], rejects: ["not-a-number"] },
    { in: "FR", text: "Numéro de commande 0612345678", people: [], rejects: ["not-a-number"] },
    // People, and words for a phone.
    { in: "US", text: "Bill 415-555-0132", people: ["14155550132 Bill"] },
    { in: "IN", text: "Nik 9876543210", people: ["919876543210 Nik"] },
    { in: "IN", text: "Ravi policy agent 9876543210", people: ["919876543210 Ravi policy agent"] },
    { in: "MX", text: "Número de teléfono 5512345678", people: ["525512345678"] },
    { in: "SA", text: "رقم الهاتف 0501234567", people: ["966501234567"] },
    { in: "RU", text: "Номер телефона 8 912 345-67-89", people: ["79123456789"] },
  ],
  "a fax in a text": [
    { in: "IN", text: "Tel 022 2345 6701 Fax 022 2345 6700", people: ["912223456701"], rejects: ["not-theirs"] },
    { in: "DE", text: "Telefax: 030 1234568", people: [], rejects: ["not-theirs"] },
    { in: "TR", text: "Faks: 0212 345 67 80", people: [], rejects: ["not-theirs"] },
    { text: "Faxon Miller +1 415 555 0132", people: ["14155550132 Faxon Miller"] },
  ],
  "a number without its area code": [
    { in: "BR", text: "Bia 97654-3210", people: [], rejects: ["no-area-code"] },
    { in: "US", text: "555-0147", people: [], rejects: ["no-area-code"] },
    { in: "IN", text: "5055550101", people: [], rejects: ["invalid"] },
    { in: "BR", text: "Bia (11) 97654-3210", people: ["5511976543210 Bia"] },
    // A mobile number from before the ninth digit.
    { in: "BR", text: "(11) 7654-3210", people: ["551176543210"] },
  ],
  "the own country's code without plus": [
    { in: "ID", text: "62 813 345 678", people: [], rejects: ["ambiguous"] },
    { in: "DE", text: "4915123456789", people: [], rejects: ["ambiguous"] },
    // A digit short for a mobile number, and no landline without its 0 is so long.
    { in: "DE", text: "491512345678", people: [], rejects: ["ambiguous"] },
    { in: "IN", text: "9123456789", people: ["919123456789"] },
    // Two zeros in front say which.
    { in: "BR", text: "0055 11 97654-3210", people: ["5511976543210"] },
    { in: "ID", text: "+62 813 345 678", people: ["62813345678"] },
    { in: "ID", text: "0813 345 678", people: ["62813345678"] },
    { in: "SG", text: "6581234567", people: ["6581234567"] },
    { in: "US", text: "12025550123", people: ["12025550123"] },
  ],
  "codes in columns of their own": [
    { in: "BR", text: "Aluno;DDD;Celular\nBia;31;976543210", people: ["5531976543210 Bia"] },
    {
      in: "BR",
      text: "Nome;DDD 1;Fone 1;DDD 2;Fone 2\nBia;31;976543210;11;34567890",
      people: ["5531976543210 Bia", "551134567890 Bia"],
    },
    {
      in: "IN",
      text: "Name,Dial Code,Mobile\nLee,+65,91234567\nRavi,,9123456789",
      people: ["6591234567 Lee", "919123456789 Ravi"],
    },
    {
      in: "IN",
      text: "Name,Country,Phone\nJoe,United States,2025550147\nMax,DE,0151 23456789",
      people: ["12025550147 Joe", "4915123456789 Max"],
    },
    { text: "Name,Phone (+251)\nAbel,911234567", people: ["251911234567 Abel"] },
    // What is whole needs no code, and a wrong code makes nobody of it.
    { in: "IN", text: "Name,Code,Phone\nAsha,A17,8123456789", people: ["918123456789 Asha"] },
    { in: "IN", text: "Name,Country Code,Phone\nJoe,+1,+44 7400 123456", people: ["447400123456 Joe"] },
    { in: "IN", text: "Name,Country Code,Phone\nJoe,+1,8123", people: [], rejects: ["too-short"] },
  ],
  "numbers of other things in the columns of a table": [
    ...[
      "Contact No.",
      "Mob. No.",
      "Ph. No",
      "Mobile (WhatsApp)",
      "Phone No. *",
      "Mobile #",
      "Shipping Phone",
      "PhoneNumber",
      "wa_id",
      "msisdn",
      "Celular/WhatsApp",
      "Telefone de contato",
      "WhatsApp (com DDD)",
      "Handynummer",
      "Telefonnummer",
      "No. WA",
      "Nomor HP",
      "Cep telefonu",
      "Số điện thoại",
      "Телефон",
      "Номер телефона",
      "Моб. тел.",
      "رقم الجوال",
      "شماره موبایل",
      "手机号码",
      "联系电话",
      "電話番号",
      "携帯電話",
      "전화번호",
      "휴대폰 번호",
      "เบอร์โทร",
      "Τηλέφωνο",
      "טלפון נייד",
      "मोबाइल नंबर",
      "ফোন নম্বর",
      "தொலைபேசி எண்",
      "Enter your mobile number, please do not forget to put the code of your country in front of it",
    ].map((heading) => ({
      in: "IN",
      text: `Roll,Naam,"${heading}",Ref\n9812300001,Asha,918123456789,9812300101\n9812300007,Ravi,918123456780,9812300109`,
      people: ["918123456789 Asha", "918123456780 Ravi"],
    })),
    { in: "IN", text: "Member,Name,Cell\n9876500001,Asha,8123456789", people: ["918123456789 Asha"] },
    {
      in: "IN",
      text: "Name;Phone;Note\nAsha;8123456789\nRavi;8123456780;9876500001;x",
      people: ["918123456789 Asha", "918123456780 Ravi"],
    },
    // Words that nobody knows: the numbers that only count up are not the phone.
    {
      in: "IN",
      text: "Foo,Bar,Baz\n9876500001,8123456789,Asha\n9876500002,8023456780,Ravi\n9876500003,9023456711,Meena",
      people: ["918123456789 Asha", "918023456780 Ravi", "919023456711 Meena"],
    },
    // Two columns could be it: the agent is asked.
    {
      in: "IN",
      text: "Foo,Bar,Baz\nAsha,8123456789,9876512345\nRavi,9023456780,9812365412\nMeena,8323456711,9012345678",
      people: [],
      rejects: ["which-column", "which-column", "which-column"],
    },
    {
      in: "IN",
      text: "9876500001\t8123456789\tAsha\n9876500002\t8023456780\tRavi\n9876500003\t9023456711\tMeena",
      people: ["918123456789 Asha", "918023456780 Ravi", "919023456711 Meena"],
    },
    // Lists, not tables.
    { in: "IN", text: "#\n8123456789", people: ["918123456789"], rejects: ["not-a-number"] },
    {
      in: "IN",
      text: "Asha,8123456789,Ravi,8123456780\nMeena,8123456781,Omar,8123456782\nZoe,8123456783,Max,8123456784",
      people: [
        "918123456789 Asha",
        "918123456780 Ravi",
        "918123456781 Meena",
        "918123456782 Omar",
        "918123456783 Zoe",
        "918123456784 Max",
      ],
    },
    {
      in: "IN",
      text: "Name,Phone,Mobile\nAsha,02223456789,8123456789",
      people: ["912223456789 Asha", "918123456789 Asha"],
    },
    {
      in: "IN",
      text: "Hi all, welcome\nAsha, 8123456789\nRavi, 8123456780",
      people: ["918123456789 Asha", "918123456780 Ravi"],
      rejects: ["not-a-number"],
    },
  ],
  "numbers that are somebody else's": [
    {
      in: "IN",
      text: "Customer,Phone,Created By Phone\nAsha,8123456789,9876543210",
      people: ["918123456789 Asha"],
      rejects: ["not-theirs"],
    },
    {
      in: "IN",
      text: "Student,Mobile,Father Mobile\nAsha,8123456789,8123456780",
      people: ["918123456789 Asha"],
      rejects: ["not-theirs"],
    },
    { in: "IN", text: "Student,Father Mobile\nAsha,8123456789", people: ["918123456789 Asha"] },
    {
      in: "US",
      text: "Name,Phone,Asst Phone,Fax\nJoe,2025550101,2025550102,2025550103",
      people: ["12025550101 Joe"],
      rejects: ["not-theirs", "not-theirs"],
    },
    {
      in: "US",
      text: "Name,Phone 1 - Type,Phone 1 - Value\nJoe,Home Fax,2025550101",
      people: [],
      rejects: ["not-theirs"],
    },
    {
      text: "BEGIN:VCARD\nFN:Joe\nitem1.TEL:+12025550101\nitem1.X-ABLabel:_$!<WorkFAX>!$_\nTEL:+12025550102\nEND:VCARD",
      people: ["12025550102 Joe"],
      rejects: ["not-theirs"],
    },
  ],
  "names that are not theirs": [
    { text: "Carla, Dani, +55 11 97654-3210, +55 21 97654-3210, Tú", people: ["5511976543210", "5521976543210"] },
    { text: "+91 81234 56789, आप", people: ["918123456789"] },
    {
      in: "IN",
      text: '[{"id":"918123456789@c.us","admin":"superadmin"},{"id":"918123456780@c.us","admin":null}]',
      people: ["918123456789", "918123456780"],
    },
    {
      text: '{"participants":[{"id":"12345678901234@lid","phoneNumber":"918123456789@s.whatsapp.net","name":"Asha"}]}',
      people: ["918123456789 Asha"],
    },
    { in: "IN", text: '"id": "918123456789@c.us",', people: ["918123456789"] },
    { in: "IN", text: "98765-43210 (O) 98765-43211 (R)", people: ["919876543210", "919876543211"] },
    { text: "+55 11 97654-3210 Admin do grupo", people: ["5511976543210"] },
    { in: "IN", text: "8123456789 e 8123456780", people: ["918123456789", "918123456780"] },
    { in: "IN", text: "Asha, 8123456789, Ravi, 8123456780", people: ["918123456789 Asha", "918123456780 Ravi"] },
  ],
  "chat exports": [
    {
      in: "IN",
      text: "12/05/2024, 10:15 - +91 81234 56789: take 8123456780\nor 8123456781\n12/05/2024, 10:16 - +91 81234 56782 left\n12/05/2024, 10:17 - +91 81234 56789 removed +91 81234 56783",
      people: ["918123456789"],
      rejects: ["in-message", "in-message", "left", "duplicate", "left"],
    },
    { in: "IN", text: "12/05/2024 à 10:16 - +91 81234 56784: bonjour", people: ["918123456784"] },
    {
      in: "IN",
      text: "12/05/2024, 10:15 - +91 81234 56789: hi\n12/05/2024, 10:16 - +91 81234 56789 left",
      people: [],
      rejects: ["left"],
    },
  ],
  "forms of cards": [
    { text: "BEGIN:VCARD\nVERSION:2.1\nN:;Asha\nPHONE.WORK:+918123456789\nEND:VCARD", people: ["918123456789 Asha"] },
    {
      text: '{"vcard":"BEGIN:VCARD\\nFN:Ravi\\nTEL;waid=918123456789:+91 81234 56789\\nEND:VCARD"}',
      people: ["918123456789 Ravi"],
    },
    {
      text: "BEGIN:VCARD\nFN:Ana\nTEL:+5511976543210\nEND:VCARDBEGIN:VCARD\nFN:Bia\nTEL:+5521976543210\nEND:VCARD",
      people: ["5511976543210 Ana", "5521976543210 Bia"],
    },
    {
      text: "BEGIN:VCARD\nN;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:Mu=F1oz;Jos=E9\nTEL:+5511976543210\nEND:VCARD",
      people: ["5511976543210 José Muñoz"],
    },
    {
      text: "BEGIN:VCARD\nFN:Ana\nIMPP;X-SERVICE-TYPE=WhatsApp:x-apple:5511976543210\nURL:https://example.com/5511976543211\nEND:VCARD",
      people: ["5511976543210 Ana"],
    },
    {
      text: "BEGIN:VCARD\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Help\nTEL:+12025550102\nEND:VCARD\nTEL:+12025550101\nEND:VCARD",
      people: ["12025550101 Boss"],
      rejects: ["not-theirs"],
    },
    {
      text: "BEGIN:VCARD\nFN:No end\nTEL:+12025550101\nBEGIN:VCARD\nFN:Next\nTEL:+12025550102\nEND:VCARD",
      people: ["12025550101 No end", "12025550102 Next"],
    },
  ],
  "what spreadsheets and phones make of numbers": [
    { in: "IN", text: 'Name,Phone\nAsha,"9,123,456,789"', people: ["919123456789 Asha"] },
    { in: "US", text: "Name,Phone\nJoe,2.025550147E9", people: ["12025550147 Joe"] },
    { in: "US", text: "Name,Phone\nJoe,2.02556E9", people: [], rejects: ["shortened"] },
    // Not the number of a card or of an identity, which begins with no 0; nor is what follows an area code a number.
    { in: "ID", text: "0813-9648-4349", people: ["6281396484349"] },
    { in: "DE", text: "040 303826060058", people: [], rejects: ["invalid"] },
    { text: "+12025550147w45", people: ["12025550147"] },
    { text: "+12025550147,,,99#", people: ["12025550147"] },
    { text: "+12025550147, +12025550148", people: ["12025550147", "12025550148"] },
  ],
});
