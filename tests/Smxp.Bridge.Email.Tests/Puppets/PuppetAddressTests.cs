using CsCheck;
using Smxp.Bridge.Email.Puppets;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.Puppets;

public sealed class PuppetAddressTests
{
    private static readonly Gen<Address> Addresses =
        from local in Gen.String[Gen.Char["abctxyz0149._+-%!= \"'\\ABCéßİ漢\ud83d\ude00\u00a0"], 1, 20]
        from labels in Gen.String[Gen.Char["abct019-"], 1, 12].Array[1, 4]
        let text = $"{local}@{string.Join('.', labels)}"
        where Address.TryParse(text, out _)
        select Address.Parse(text);

    [Theory]
    [InlineData("bob@mail.example", "bob_at_mail.example")]
    [InlineData("Bob.Smith-2@mail.example", "bob.smith-2_at_mail.example")]
    [InlineData("a+b_c@mail.example", "a_2bb_5fc_at_mail.example")]
    [InlineData("x_at_y@mail.example", "x_5fat_5fy_at_mail.example")]
    [InlineData("zoë@bücher.example", "zo_c3_ab_at_xn--bcher-kva.example")]
    public void Stands_for_an_address(string address, string puppet)
    {
        Assert.Equal(puppet, PuppetAddress.Encode(Address.Parse(address)));
        Assert.True(PuppetAddress.TryDecode(puppet, out var person));
        Assert.Equal(Address.Parse(address), person);
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("bob_at_")]
    [InlineData("_at_mail.example")]
    [InlineData("bob_at_.example")]
    [InlineData("bob_at_mail.example.")]
    [InlineData("bob_at_mail_2eexample")]
    [InlineData("bob_40evil.example_at_mail.example")] // an @ in a local part
    [InlineData("_62ob_at_mail.example")] // an escape that need not be
    [InlineData("b_2Bb_at_mail.example")] // the other case
    [InlineData("Bob_at_mail.example")]
    [InlineData("bob_AT_mail.example")]
    [InlineData("b+b_at_mail.example")]
    [InlineData("b%b_at_mail.example")]
    [InlineData("b_2_at_mail.example")]
    [InlineData("b__at_mail.example")]
    [InlineData("b_00_at_mail.example")] // a control character
    [InlineData("b_0d_0ab_at_mail.example")]
    [InlineData("b_c3_at_mail.example")] // no UTF-8
    [InlineData("b_20_at_mail.example")] // trimmed away
    [InlineData("b_41_at_mail.example")] // a capital letter
    [InlineData("bob_at_one.example_at_two.example")]
    [InlineData("bob_at_büro.example")]
    public void Nothing_else_is_read_as_one(string local) => Assert.False(PuppetAddress.TryDecode(local, out _));

    [Fact]
    public void Every_address_comes_back_from_its_puppet() => Addresses.Sample(address =>
    {
        string puppet = PuppetAddress.Encode(address);
        // Letters, digits, dots, hyphens, and the only _at_ where the domain begins.
        return puppet.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_')
            && puppet.IndexOf("_at_", StringComparison.Ordinal) == puppet.LastIndexOf("_at_", StringComparison.Ordinal)
            && Address.Parse($"{puppet}@gw.example").Local == puppet
            && PuppetAddress.TryDecode(puppet, out var person) && person == address;
    });

    [Fact]
    public void Whatever_decodes_is_written_in_no_other_way() => Gen.Select(Gen.OneOf(Gen.String[Gen.Char["abt_4015f.%@-AT"], 0, 20], Gen.String), Gen.String[Gen.Char["ab.-_t1"], 0, 10]).Sample((front, back) =>
    {
        foreach (string text in new[] { front, $"{front}_at_{back}", $"{front}_at_{back}.example" })
        {
            if (PuppetAddress.TryDecode(text, out var person) && PuppetAddress.Encode(person) != text) return false;
        }

        return true;
    });
}
