using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Inbound.Reports;
using Smxp.Bridge.Email.Mapping;

namespace Smxp.Bridge.Email.Tests.Mapping;

/// <summary>Mail that costs its reader the square of what it costs its writer, or more. What is allocated says how much was done, whatever else the machine does.</summary>
public sealed class HostileMailTests
{
    private const string Header = "From: bob@peer.test\r\nMessage-ID: <a@peer.test>\r\n";
    private const long Megabyte = 1 << 20;

    [Fact]
    public async Task Refuses_a_part_with_a_field_that_never_ends() =>
        await AssertRefusedAsync($"{Header}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Id: {Repeat(200_000, static _ => "<<<<<<<<<<<<<<<<<<<<<<<<\r\n ")}\r\n\r\nhi\r\n--b--\r\n", 50 * Megabyte);

    [Theory]
    [InlineData("Content-Type: text/plain; ")]
    [InlineData("content-disposition : attachment; ")]
    public async Task Refuses_a_part_with_more_parameters_than_anybody_writes(string field)
    {
        string parameters = Repeat(600_000, static number => $"n*{number}=x;\r\n ");
        await AssertRefusedAsync($"{Header}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{field}{parameters}\r\n\r\nhi\r\n--b--\r\n", Megabyte);
        await AssertRefusedAsync($"{Header}{field}{parameters[..60_000]}\r\n\r\nhi\r\n", Megabyte);
    }

    [Fact]
    public async Task Takes_long_names_and_texts_that_look_like_fields()
    {
        string name = Repeat(250, static _ => "%E6%97%A5");
        await AssertTakenAsync($"{Header}Content-Disposition: attachment;\r\n filename*=utf-8''{name}\r\n\r\n{Repeat(3000, static _ => "Content-Type: text/plain\r\n\tand what is said of it\r\n\r\n")}");
    }

    [Fact]
    public async Task Counts_no_deeper_than_it_reads()
    {
        string mail = $"{Header}Content-Type: multipart/mixed; boundary=b0\r\n\r\n{Repeat(900, static depth => $"--b{depth}\r\nContent-Type: multipart/mixed; boundary=b{depth + 1}\r\n\r\n")}{Repeat(20_000, static _ => "--b899x\r\n")}";
        await using var spool = await SpoolAsync(mail);
        AssertAllocates(100 * Megabyte, () => Assert.False(MimeLimits.IsTooComplex(spool)));
    }

    [Fact]
    public void Looks_for_an_attribution_in_no_more_than_can_be_one()
    {
        string text = $"Yes.\nOn {new string('1', 5000)}:\n> Lunch?";
        AssertAllocates(10 * Megabyte, () => Assert.Equal(text, TextQuotes.Cut(text)));
        string crowded = $"Yes.\nOn {Repeat(90, static number => $"{number:D4} ")}:\n> Lunch?";
        AssertAllocates(10 * Megabyte, () => Assert.Equal("Yes.", TextQuotes.Cut(crowded)));
    }

    [Fact]
    public void Links_pictures_in_one_pass()
    {
        string text = Repeat(140_000, static number => $"cid:p{number % 199}.\r\n");
        string mail = $"{Header}Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n{text[..900_000]}\r\n"
            + Repeat(199, static number => $"--b\r\nContent-Type: image/png\r\nContent-Id: <p{number}.>\r\n\r\nx\r\n") + "--b--\r\n";
        AssertAllocates(100 * Megabyte, () =>
        {
            var draft = MailReaderTests.Read(mail);
            Assert.All(draft.Attachments, static attachment => Assert.NotNull(attachment.Placeholder));
            string body = InlineImages.Show(draft.Body, draft.Attachments.ToDictionary(static attachment => attachment.Placeholder!, static attachment => attachment.Entity.ContentId!))!;
            Assert.StartsWith("blob:p0.", body, StringComparison.Ordinal);
            Assert.DoesNotContain("part-", body, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("message/delivery-status", "Action: failed\r\n\r\n")]
    [InlineData("message/disposition-notification", "Disposition: a; displayed\r\n")]
    public void Reads_no_report_that_is_a_library(string type, string field)
    {
        string mail = $"{Header}In-Reply-To: <x@here.test>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: {type}\r\n\r\n{Repeat(200_000, _ => field)}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <x@here.test>\r\n\r\n--b--\r\n";
        using var message = MailParser.Parse(new MemoryStream(Encoding.ASCII.GetBytes(mail)));
        AssertAllocates(10 * Megabyte, () => Assert.Null(MailReports.Read(message, isFromNobody: true)));
    }

    [Fact]
    public void Opens_no_winmail_dat_within_the_next_without_end()
    {
        byte[] inner = Tnef([]);
        for (int depth = 0; depth < 2000; depth++) inner = Tnef(inner);
        byte[] mail = [.. Encoding.ASCII.GetBytes($"{Header}Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary\r\n\r\n"), .. inner];
        AssertAllocates(20 * Megabyte, () => Assert.NotEmpty(MailReaderTests.Read(mail).Attachments));
    }

    // MS-OXTNEF §2.1.3: an attachment whose data is a message (PR_ATTACH_METHOD 5), which is TNEF again behind the id of its interface.
    private static byte[] Tnef(byte[] inner)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0x223E9F78u);
        writer.Write((ushort)1);
        Attribute(1, 0x00089006, [0, 0, 1, 0]);
        if (inner.Length == 0) return stream.ToArray();
        Attribute(2, 0x00069002, new byte[14]);
        using var properties = new MemoryStream();
        using var property = new BinaryWriter(properties);
        property.Write(2);
        property.Write(0x37050003u);
        property.Write(5);
        property.Write(0x3701000Du);
        property.Write(1);
        property.Write(16 + inner.Length);
        property.Write(new Guid("00020307-0000-0000-c000-000000000046").ToByteArray());
        property.Write(inner);
        property.Write(new byte[(4 - (inner.Length % 4)) % 4]);
        Attribute(2, 0x00069005, properties.ToArray());
        return stream.ToArray();

        void Attribute(byte level, uint id, byte[] data)
        {
            writer.Write(level);
            writer.Write(id);
            writer.Write(data.Length);
            writer.Write(data);
            writer.Write((ushort)data.Sum(static octet => octet));
        }
    }

    private static async Task AssertRefusedAsync(string mail, long mostBytes)
    {
        await using var spool = await SpoolAsync(mail);
        AssertAllocates(mostBytes, () => Assert.True(MimeLimits.IsTooComplex(spool)));
    }

    private static async Task AssertTakenAsync(string mail)
    {
        await using var spool = await SpoolAsync(mail);
        Assert.False(MimeLimits.IsTooComplex(spool));
    }

    private static async Task<MessageSpool> SpoolAsync(string mail)
    {
        var spool = new MessageSpool(Path.GetTempPath());
        byte[] bytes = Encoding.ASCII.GetBytes(mail);
        foreach (byte[] piece in bytes.Chunk(16 * 1024)) await spool.WriteAsync(piece, CancellationToken.None);
        return spool;
    }

    private static void AssertAllocates(long mostBytes, Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostBytes);
    }

    private static string Repeat(int count, Func<int, string> piece) => string.Concat(Enumerable.Range(0, count).Select(piece));
}
